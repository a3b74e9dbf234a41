import { test } from 'vitest';
import { bodiesOf } from '../../../../shared/contract/messages/codec.ts';
import { type Message, notBefore } from '../../../../shared/domain/model/messages.ts';
import { resultOf } from '../../../../shared/domain/workflow/result.ts';
import { noticeMessages } from '../../../../shared/domain/workflow/notice-message.ts';
import { readRestartEvent } from '../../../../shared/inbound/restart-event.ts';
import { aWorld, rolloutIn } from '../../../models/world.ts';

/** As the queue's trigger delivers it. */
function delivered(body: string) {
  const data = { requestId: 'r', messageId: 'm', messageBody: body };
  const event = { id: 'm', source: 'MNS-q', specversion: '1.0', type: 'mns:Queue:SendMessage' };
  return readRestartEvent(Buffer.from(JSON.stringify([{ ...event, data }])));
}

test('whatever is sent can be read: results, those of a detach too, wake-ups and notices', async ({
  expect,
}) => {
  const world = aWorld();
  const rollout = rolloutIn(await world.ask());
  const [one] = rollout.instances;
  const result = resultOf(rollout, one!);
  const [told] = noticeMessages(rollout, { kind: 'halted', atMs: world.now() }, [
    { id: 'pager', on: ['halted'] },
  ]);
  const sent: Message[] = [
    { kind: 'result', result },
    { kind: 'result', result: resultOf(rollout, { ...one!, target: { keyPair: null } }) },
    { kind: 'wake', rolloutId: rollout.rolloutId },
    told!.message,
  ];
  for (const message of sent) {
    expect(delivered(bodiesOf(message)[0]!)).toMatchObject({
      kind: 'messages',
      messages: [message],
      unreadable: [],
    });
  }
});

test('a message is delayed by whole seconds, never by less, and by 7 days at most', ({
  expect,
}) => {
  const wake: Message = { kind: 'wake', rolloutId: 'ro-a' };
  const delays = [0, 1, 90_500, 900_000_000_000].map(
    (atMs) => notBefore(atMs, 1, wake).delaySeconds,
  );
  expect(delays).toEqual([0, 0, 91, 604_800]);
});
