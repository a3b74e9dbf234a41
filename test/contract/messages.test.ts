import { test } from 'vitest';
import { deliverNotices } from '../../shared/domain/rollouts/deliver-notice.ts';
import type { Card } from '../../shared/domain/model/card.ts';
import { bodiesOf } from '../../shared/contract/messages/codec.ts';
import type { Order, OrderCommand } from '../../shared/domain/model/order.ts';
import type { Launch } from '../../shared/domain/model/launch.ts';
import {
  type Message,
  notBefore,
  now,
  type OutMessage,
} from '../../shared/domain/model/messages.ts';
import { resultOf } from '../../shared/domain/workflow/result.ts';
import { noticeMessages } from '../../shared/domain/workflow/notice-message.ts';
import type { Queue } from '../../shared/domain/model/ports.ts';
import type { NoticeKind, Rollout } from '../../shared/domain/model/rollout.ts';
import { readMessengerEvent } from '../../shared/inbound/messenger-event.ts';
import { readRestartEvent } from '../../shared/inbound/restart-event.ts';
import { silent } from '../models/builders.ts';
import { aCard } from '../support/cards.ts';
import { aBatch } from '../support/cloud-events.ts';
import { exact, expectGolden, type Section } from './golden.ts';
import { BARE, FULL, FULL_REQUEST, INSTANCES, REPLY_TO, T0 } from './samples.ts';

type Made = readonly [title: string, message: OutMessage];

const bodyOf = ({ message }: OutMessage): string => {
  const [body, ...others] = bodiesOf(message);
  if (body === undefined || others.length > 0) throw new RangeError('Cannot take one body of this');
  return body;
};
const section = ([title, message]: Made): Section => [
  title,
  [`delaySeconds ${message.delaySeconds}`, exact(bodyOf(message))],
];
const bodiesIn = (made: readonly Made[]) => made.map(([, message]) => bodyOf(message));
const messagesIn = (made: readonly Made[]) => made.map(([, { message }]) => message);

const LAUNCH: Launch = {
  instanceId: 'i-bp1a',
  regionId: 'cn-hangzhou',
  accountId: '1000000000000000',
  launchedBy: ['lin', 'assumed-role/ess:session'],
  launchTemplates: ['lt-bp1a', 'web'],
  eventKey: 'acs.ecs/AE3B631D-B6BE-5BFC-9F14-6BAA2683B0BA',
  eventName: 'RunInstances',
  source: 'action-trail',
  atMs: T0,
  lastCall: true,
  tries: 2,
};
const BARE_LAUNCH: Launch = {
  ...LAUNCH,
  accountId: null,
  launchedBy: null,
  launchTemplates: null,
  source: 'state-change',
  lastCall: false,
  tries: 0,
};

const { rolloutId } = FULL;
const COMMANDS: readonly OrderCommand[] = [
  // No line can ask for an undo or a launch: an undo is a command of its own.
  { kind: 'ask', request: { ...FULL_REQUEST, undoes: null, launch: null } },
  { kind: 'ask', request: { ...BARE.request, dryRun: true } },
  { kind: 'undo', rolloutId, dryRun: true },
  { kind: 'undo', rolloutId, dryRun: false },
  { kind: 'approve', rolloutId, planDigest: FULL.planDigest },
  ...(['deny', 'pause', 'resume', 'abort'] as const).map((kind) => ({ kind, rolloutId })),
];

function anOrder(command: OrderCommand, via: Order['via']): Order {
  const { account } = FULL.origin.chat!;
  const [id, text] = [`or-${'a'.repeat(26)}`, `${command.kind} …`];
  return { id, personId: 'alice', account, replyTo: REPLY_TO, atMs: T0, via, text, command };
}

test('wake-ups, results, launches and probes are as they were, and restart reads them', ({
  expect,
}) => {
  const wake: Message = { kind: 'wake', rolloutId };
  const made: Made[] = [
    ['wake, at once', notBefore(T0 - 1, T0, wake)],
    ['wake, in a while', notBefore(T0 + 60_001, T0, wake)],
    ['wake, as late as can be', notBefore(T0 + 999_999_999_999, T0, wake)],
    ...INSTANCES.map((one): Made => [
      `result: attach ${kindOf(one.attach)}, restart ${one.restart.kind}`,
      now({ kind: 'result', result: resultOf(FULL, one) }),
    ]),
    ['launch, all of it known', now({ kind: 'launch', launch: LAUNCH })],
    ['launch, little of it known', now({ kind: 'launch', launch: BARE_LAUNCH })],
    ['launches', notBefore(T0 + 15_000, T0, { kind: 'launches', launches: [LAUNCH, BARE_LAUNCH] })],
    ['probe', now({ kind: 'probe', id: 'probe-1' })],
  ];
  expectGolden(expect, 'messages-restart.txt', made.map(section));
  expect(readRestartEvent(aBatch(bodiesIn(made)))).toEqual({
    kind: 'messages',
    messages: messagesIn(made),
    unreadable: [],
  });
});

const kindOf = (state: { readonly kind: string; readonly reason?: string }) =>
  [state.kind, state.reason].filter((word) => word !== undefined).join(' ');

const KINDS: NoticeKind[] = ['approval-needed', 'break-glass', 'halted', 'ended'];

function noticesOf(rollout: Rollout): Made[] {
  const channels = [{ id: 'ops_team.eu', on: KINDS }];
  return KINDS.flatMap((kind, n) =>
    noticeMessages(rollout, { kind, atMs: T0 + n }, channels).map((one): Made => [
      `notice ${kind} of ${rollout.rolloutId}`,
      one,
    ]),
  );
}

test('notices are as they were, and restart reads them', ({ expect }) => {
  const made = [FULL, BARE].flatMap(noticesOf);
  expectGolden(expect, 'messages-notices.txt', made.map(section));
  const read = readRestartEvent(aBatch(bodiesIn(made)));
  // What a receiver can ask for next is written on the way out.
  expect(read).toMatchObject({ messages: messagesIn(made), unreadable: [] });
});

test('orders are as they were, and restart reads them', ({ expect }) => {
  const orders = COMMANDS.flatMap((command) =>
    (['line', 'button'] as const).map((via) => anOrder(command, via)),
  );
  const made = orders.map((order): Made => [
    `order ${order.command.kind}, by a ${order.via}`,
    { message: { kind: 'order', order }, delaySeconds: order.via === 'line' ? 0 : 5 },
  ]);
  expectGolden(expect, 'messages-orders.txt', made.map(section));
  expect(readRestartEvent(aBatch(bodiesIn(made)))).toMatchObject({
    messages: messagesIn(made),
    unreadable: [],
  });
});

test('replies and card wake-ups are as they were, and messenger reads them', ({ expect }) => {
  const full = { id: 'or-1-done', to: REPLY_TO, card: aCard({ mention: 'U0002' }), attempt: 3 };
  const place = { platform: 'feishu', tenant: 'tenant0001', channel: 'oc_0095' } as const;
  const bareCard: Card = { title: 'Nothing', tone: 'good', blocks: [], buttons: [], mention: null };
  const to = { ...REPLY_TO, place, url: '', messageId: 'om_1' };
  const made: Made[] = [
    ['reply, all of it set', { message: { kind: 'reply', reply: full }, delaySeconds: 30 }],
    [
      'reply, little of it set',
      now({ kind: 'reply', reply: { id: 'or-2', to, card: bareCard, attempt: 1 } }),
    ],
    ['card', notBefore(T0 + 1, T0, { kind: 'card', rolloutId })],
    ['probe', now({ kind: 'probe', id: 'probe-2' })],
  ];
  expectGolden(expect, 'messages-messenger.txt', made.map(section));
  expect(readMessengerEvent(aBatch(bodiesIn(made)))).toEqual({
    messages: messagesIn(made),
    unreadable: [],
  });
});

test('dead letters are as they were', async ({ expect }) => {
  const [queue, deadLetters] = [new FakeQueue(), new FakeQueue()];
  const [, first] = noticesOf(BARE)[0]!;
  const { schema: _, ...notice } = JSON.parse(bodyOf(first));
  const notifier = {
    deliver: async () => ({ kind: 'failed', why: 'HTTP status 500', retryAfterMs: null }) as const,
  };
  const clock = { nowMs: () => T0 };
  const ports = { notifier, queue, deadLetters, clock, log: silent };
  const deadlineMs = T0 + 60_000;
  await deliverNotices([notice, { ...notice, id: 'last', attempt: 99 }], ports, { deadlineMs });
  const made: Made[] = [
    ['dead', now({ kind: 'dead', about: '{"schema":"latchkey.wake/9"}', why: 'no such "schema"' })],
    ...deadLetters.sent.map((one): Made => [
      'dead, a notice that was tried for the last time',
      one,
    ]),
    ...queue.sent.map((one): Made => ['a notice that is to be tried again', one]),
  ];
  expect(made).toHaveLength(3);
  expectGolden(expect, 'messages-dead.txt', made.map(section));
});

class FakeQueue implements Queue {
  readonly sent: OutMessage[] = [];
  async send(messages: readonly OutMessage[]) {
    this.sent.push(...messages);
    return messages.map(() => undefined);
  }
}
