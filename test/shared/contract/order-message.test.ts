import { bodiesOf } from '../../../shared/contract/messages/codec.ts';
import fc from 'fast-check';
import { test } from 'vitest';
import type { Order, OrderCommand } from '../../../shared/domain/model/order.ts';
import { readRestartEvent } from '../../../shared/inbound/restart-event.ts';
import { aRequest, aSelector, NOW_MS } from '../../models/builders.ts';
import { aPlace } from '../../support/chat-builders.ts';
import { aBatch } from '../../support/cloud-events.ts';

const ROLLOUT = `ro-${'b'.repeat(26)}`;
const DIGEST = `sha256:${'0a'.repeat(32)}`;

function anOrder(command: OrderCommand, over: Partial<Order> = {}): Order {
  return {
    id: `or-${'a'.repeat(26)}`,
    personId: 'alice',
    account: { platform: 'slack', tenant: 'T0001', user: 'U0001' },
    replyTo: { place: aPlace(), user: 'U0001', url: '', untilMs: NOW_MS, messageId: '' },
    atMs: NOW_MS,
    via: 'line',
    text: 'what was understood',
    command,
    ...over,
  };
}

function read(...bodies: readonly string[]) {
  const event = readRestartEvent(aBatch(bodies));
  if (event.kind !== 'messages') throw new TypeError('Cannot take this for messages');
  const orders = event.messages.flatMap((one) => (one.kind === 'order' ? [one.order] : []));
  return { orders, unreadable: event.unreadable };
}

const ramp = 'doubling' as const;
const COMMANDS: readonly OrderCommand[] = [
  { kind: 'ask', request: aRequest({ ramp }) },
  {
    kind: 'ask',
    request: aRequest({
      ramp: 'canary',
      instanceIds: [],
      selector: aSelector({ tags: { team: 'web' }, zoneId: 'cn-hangzhou-h' }),
      restart: 'never',
      groupBy: 'service',
      approveWithinSeconds: 600,
      breakGlass: 'all down',
      expectedPlanDigest: DIGEST,
      dryRun: true,
      note: 'rotation',
    }),
  },
  { kind: 'undo', rolloutId: ROLLOUT, dryRun: false },
  { kind: 'approve', rolloutId: ROLLOUT, planDigest: DIGEST },
  { kind: 'approve', rolloutId: ROLLOUT, planDigest: DIGEST.slice(0, 15) },
  ...(['deny', 'pause', 'resume', 'abort'] as const).map((kind) => ({ kind, rolloutId: ROLLOUT })),
];

test.for(COMMANDS.map((command) => [command.kind, command] as const))(
  'an order to %s is read back as it was sent',
  ([, command], { expect }) => {
    const order = anOrder(command);
    expect(read(...bodiesOf({ kind: 'order', order })).orders).toEqual([order]);
  },
);

test('an order of an older chat, which knows fewer conditions, selects by those', ({ expect }) => {
  const selector = aSelector({ zoneId: 'cn-hangzhou-h' });
  const order = anOrder({ kind: 'ask', request: aRequest({ ramp, instanceIds: [], selector }) });
  const [body = ''] = bodiesOf({ kind: 'order', order });
  const older = body.replace(
    /"selector":\{[^}]*\}[^}]*\}/,
    '"selector":{"tags":{},"zoneId":"cn-hangzhou-h"}',
  );
  expect(older).not.toBe(body);
  expect(read(older).orders).toEqual([order]);
});

const ASK = anOrder(COMMANDS[0]!);
const change = (over: object) => ({ ...ASK, ...over });
const ask = (over: object) =>
  change({ command: { kind: 'ask', request: { ...aRequest({ ramp }), ...over } } });

test.for<[string, object]>([
  ['a field that is unknown', change({ isAdmin: true })],
  ['another id', change({ id: 'or-1' })],
  ['an unknown platform', change({ account: { ...ASK.account, platform: 'wecom' } })],
  ['a command that is none', change({ command: { kind: 'resolve', rolloutId: ROLLOUT } })],
  ['more than the command has', change({ command: { ...COMMANDS[2], breakGlass: 'now' } })],
  ['a digest that says nothing', change({ command: { ...COMMANDS[3], planDigest: 'sha256:' } })],
  ['a request with an unknown field', ask({ force: true })],
  ['a request that is a launch', ask({ launch: { replace: true } })],
  ['a request that undoes', ask({ undoes: ROLLOUT })],
  ['an instance that is none', ask({ instanceIds: ['web-1'] })],
  ['too many instances', ask({ instanceIds: Array.from({ length: 1_001 }, (_, n) => `i-${n}`) })],
  ['an unknown condition', ask({ instanceIds: [], selector: { ...aSelector(), colour: 'blue' } })],
  ['a selector without any condition', ask({ instanceIds: [], selector: aSelector() })],
  ['no waves at all', ask({ ramp: 'none' })],
])('%s is a dead letter', ([, order], { expect }) => {
  const { orders, unreadable } = read(JSON.stringify({ schema: 'latchkey.order/1', ...order }));
  expect(orders).toEqual([]);
  expect(unreadable).toHaveLength(1);
});

test('whatever is put into an order, it is read as one or is a dead letter', ({ expect }) => {
  fc.assert(
    fc.property(
      fc.constantFrom(...Object.keys(ASK)),
      fc.jsonValue({ maxDepth: 3 }),
      (field, value) => {
        const body = JSON.stringify({ schema: 'latchkey.order/1', ...ASK, [field]: value });
        const { orders, unreadable } = read(body);
        expect(orders.length + unreadable.length).toBe(1);
        for (const order of orders) expect(order).toEqual({ ...ASK, [field]: value });
      },
    ),
  );
});
