import { test } from 'vitest';
import { resultMessage, wakeMessage } from '../../../../shared/domain/model/messages.ts';
import { noticeMessages } from '../../../../shared/domain/workflow/notice-message.ts';
import { readRestartEvent } from '../../../../shared/inbound/restart-event.ts';
import { aWorld, rolloutIn } from '../../../support/world.ts';

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
  const wakes = [
    resultMessage(rollout, one!),
    resultMessage(rollout, { ...one!, target: { keyPair: null } }),
    wakeMessage(rollout.rolloutId, world.now(), world.now()),
  ];
  for (const { body } of wakes) {
    expect(delivered(body)).toMatchObject({
      kind: 'messages',
      rolloutIds: [rollout.rolloutId],
      unreadable: [],
    });
  }
  const notice = { kind: 'halted', atMs: world.now() } as const;
  const [told] = noticeMessages(rollout, notice, [{ id: 'pager', on: ['halted'] }]);
  expect(delivered(told!.body)).toMatchObject({
    rolloutIds: [],
    notices: [{ rolloutId: rollout.rolloutId, channel: 'pager', attempt: 1, ...notice }],
    unreadable: [],
  });
});
