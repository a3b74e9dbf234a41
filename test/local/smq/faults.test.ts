import { test } from 'vitest';
import { virtualClock } from '../../../local/cloud/kernel/clock.ts';
import { createKernel } from '../../../local/cloud/kernel/kernel.ts';
import { DEFAULT_SETTINGS } from '../../../local/cloud/kernel/settings.ts';
import { createSmq } from '../../../local/cloud/smq/index.ts';
import { START_MS } from './a-cloud.ts';

function aQueueWithFault(fault: Record<string, unknown>) {
  const clock = virtualClock(START_MS);
  const kernel = createKernel({ settings: DEFAULT_SETTINGS, clock });
  kernel.faults.register('smq', ['Deliver']);
  kernel.faults.replace([{ service: 'smq', action: 'Deliver', ...fault }]);
  const smq = createSmq(kernel);
  smq.createQueue('q');
  const receive = (max = 16) => smq.receive('q', max).map(({ body }) => body);
  return { clock, smq, receive };
}

test('a duplicated message is delivered again under the same id, whatever is deleted', ({
  expect,
}) => {
  const { smq } = aQueueWithFault({ kind: 'duplicate', copies: 3 });
  const { messageId } = smq.send('q', 'a');
  for (let copy = 0; copy < 3; copy++) {
    const [message] = smq.receive('q', 1);
    expect(message).toMatchObject({ messageId, body: 'a' });
    expect(smq.delete('q', message!.receiptHandle)).toBe(true);
  }
  expect(smq.receive('q', 1)).toEqual([]);
});

test('a fault that strikes every delivery copies each message once, not its copies', ({
  expect,
}) => {
  const { smq, receive } = aQueueWithFault({ kind: 'duplicate', copies: 2, times: 1_000 });
  smq.send('q', 'a');
  expect([receive(), receive(), receive()]).toEqual([['a'], ['a'], []]);
});

test('reordered messages come last first', ({ expect }) => {
  const { smq, receive } = aQueueWithFault({ kind: 'reorder' });
  for (const body of ['a', 'b', 'c']) smq.send('q', body);
  expect(receive()).toEqual(['c', 'b', 'a']);
});

test('a single reordered message lets the next one overtake it', ({ expect }) => {
  const { smq, receive } = aQueueWithFault({ kind: 'reorder' });
  smq.send('q', 'a');
  expect(receive()).toEqual([]);
  smq.send('q', 'b');
  expect(receive()).toEqual(['b']);
  expect(receive()).toEqual(['a']);
});

test('a reordered message that nothing overtakes comes after five seconds', ({ expect }) => {
  const { clock, smq, receive } = aQueueWithFault({ kind: 'reorder' });
  smq.send('q', 'a');
  expect(receive()).toEqual([]);
  clock.advance(5_000);
  expect(receive()).toEqual(['a']);
});

test('a late message comes late, those behind it do not', ({ expect }) => {
  const { clock, smq, receive } = aQueueWithFault({ kind: 'delay', delayMs: 700 });
  smq.send('q', 'a');
  smq.send('q', 'b');
  expect(receive(1)).toEqual(['b']);
  clock.advance(699);
  expect(receive()).toEqual([]);
  clock.advance(1);
  expect(receive()).toEqual(['a']);
});

test('an empty queue is no delivery: the fault waits for one', ({ expect }) => {
  const { smq, receive } = aQueueWithFault({ kind: 'duplicate', nth: 2 });
  expect(receive()).toEqual([]);
  smq.send('q', 'a');
  expect(receive()).toEqual(['a']);
  smq.send('q', 'b');
  expect(receive()).toEqual(['b']);
  expect(receive()).toEqual(['b']);
});
