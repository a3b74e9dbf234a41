import { test } from 'vitest';
import { createSmq, SmqError } from '../../../local/cloud/smq/index.ts';
import { virtualClock } from '../../../local/cloud/kernel/clock.ts';
import { createKernel } from '../../../local/cloud/kernel/kernel.ts';
import { DEFAULT_SETTINGS } from '../../../local/cloud/kernel/settings.ts';
import { START_MS } from './a-cloud.ts';

function aQueueWithDeadLetters() {
  const clock = virtualClock(START_MS);
  const smq = createSmq(createKernel({ settings: DEFAULT_SETTINGS, clock }));
  smq.createQueue('dead', { MessageRetentionPeriod: 600 });
  smq.createQueue('q', { deadLetter: { queueName: 'dead', maxReceiveCount: 3 } });
  return { clock, smq };
}

test('a message moves when it would be received once too often', ({ expect }) => {
  const { clock, smq } = aQueueWithDeadLetters();
  const { messageId } = smq.send('q', 'poison');
  for (let count = 1; count <= 3; count++) {
    expect(smq.receive('q', 1)).toMatchObject([{ dequeueCount: count }]);
    expect(smq.receive('dead', 1)).toEqual([]);
    clock.advance(30_000);
  }
  smq.send('q', 'good');
  expect(smq.receive('q', 1)).toMatchObject([{ body: 'good' }]);
  const [dead] = smq.receive('dead', 1);
  expect(dead).toMatchObject({ body: 'poison', dequeueCount: 1, enqueuedAtMs: START_MS });
  expect(dead!.messageId).not.toBe(messageId);
  expect(smq.state()).toMatchObject({
    dead: { messages: [{ origin: { queueName: 'q', messageId } }] },
  });
});

test('the age of a dead letter counts from its first queue', ({ expect }) => {
  const { clock, smq } = aQueueWithDeadLetters();
  smq.send('q', 'poison');
  for (let count = 1; count <= 3; count++) {
    smq.receive('q', 1);
    clock.advance(190_000);
  }
  expect(smq.receive('q', 1)).toEqual([]);
  expect(smq.state()).toMatchObject({ dead: { active: 1 } });
  clock.advance(30_000);
  expect(smq.state()).toMatchObject({ dead: { active: 0, messages: [] } });
});

test('without its dead-letter queue a message stays and comes on', ({ expect }) => {
  const clock = virtualClock(START_MS);
  const smq = createSmq(createKernel({ settings: DEFAULT_SETTINGS, clock }));
  smq.createQueue('q', { deadLetter: { queueName: 'none', maxReceiveCount: 1 } });
  smq.send('q', 'a');
  smq.receive('q', 1);
  clock.advance(30_000);
  expect(smq.receive('q', 1)).toMatchObject([{ dequeueCount: 2 }]);
});

test('a queue cannot be its own dead-letter queue, and bad values are refused', ({ expect }) => {
  const { smq } = aQueueWithDeadLetters();
  const own = { deadLetter: { queueName: 'own', maxReceiveCount: 3 } };
  expect(() => smq.createQueue('own', own)).toThrow(SmqError);
  expect(() => smq.createQueue('r', { VisibilityTimeout: 0 })).toThrow('between 1 and 43200');
  expect(() => smq.send('q', 'x'.repeat(65_537))).toThrow('between 1 and 65536');
  expect(() => smq.send('q', 'a', -1)).toThrow('DelaySeconds');
  expect(() => smq.send('none', 'a')).toThrow('QueueNotExist');
  expect(() => smq.receive('none', 1)).toThrow('QueueNotExist');
  expect(smq.delete('none', 'a')).toBe(false);
});

test('whoever listens is told of a message sent, late, back or given back', ({ expect }) => {
  const { clock, smq } = aQueueWithDeadLetters();
  let told = 0;
  const cancel = smq.onVisible('q', () => (told += 1));
  smq.send('q', 'a');
  expect(told).toBe(1);
  smq.send('q', 'b', 5);
  expect(told).toBe(1);
  clock.advance(5_000);
  expect(told).toBe(2);
  const [first] = smq.receive('q', 1);
  clock.advance(30_000);
  expect(told).toBe(3);
  smq.giveBack('q', first!.receiptHandle);
  expect(told).toBe(3);
  const [again] = smq.receive('q', 1);
  smq.giveBack('q', again!.receiptHandle);
  expect(told).toBe(4);
  cancel();
  smq.send('q', 'c');
  expect(told).toBe(4);
});

test('what falls due earlier is told earlier, in whatever order it was sent', ({ expect }) => {
  const { clock, smq } = aQueueWithDeadLetters();
  const toldMs: number[] = [];
  smq.onVisible('q', () => toldMs.push(clock.nowMs() - START_MS));
  for (const delaySeconds of [30, 5, 10]) smq.send('q', 'a', delaySeconds);
  clock.advance(60_000);
  expect(toldMs).toEqual([5_000, 10_000, 30_000]);
});

test('a look at the queue at the right moment does not swallow the news', ({ expect }) => {
  const { clock, smq } = aQueueWithDeadLetters();
  let told = 0;
  // Falls due together with the message, and is asked first.
  clock.after(5_000, () => smq.state());
  smq.send('q', 'a', 5);
  smq.onVisible('q', () => (told += 1));
  clock.advance(5_000);
  expect(told).toBe(1);
});
