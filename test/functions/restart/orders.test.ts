import { bodiesOf } from '../../../shared/contract/messages/codec.ts';
import { describe, test } from 'vitest';
import type { OrderCommand } from '../../../shared/domain/model/order.ts';
import { LatchkeyError } from '../../../shared/domain/model/errors.ts';
import { MAX_ORDER_AGE_MS } from '../../../shared/domain/chat/orders.ts';
import type { Log, Rollouts } from '../../../shared/domain/model/ports.ts';
import { makeHandler } from '../../../functions/restart/handler.ts';
import { ModelQueue } from '../../models/model-queue.ts';
import { ModelLedger } from '../../models/model-ledger.ts';
import { aBatch } from '../../support/cloud-events.ts';
import { context } from '../../models/http-event.ts';
import { withMethods } from '../../support/with-methods.ts';
import { aWorld } from '../../models/world.ts';
import { anOrderWorld, someone, wordsOf } from '../../support/order-world.ts';

const FLEET = [{ instanceId: 'i-0' }, { instanceId: 'i-1' }];
const aTeam = (more?: Parameters<typeof anOrderWorld>[2]) =>
  anOrderWorld(FLEET, { people: [someone('alice'), someone('bob')] }, more);

const onIt = (kind: 'pause' | 'resume' | 'abort', rolloutId: string): OrderCommand => ({
  kind,
  rolloutId,
});

describe('an order', () => {
  test('begins a rollout as the person who gave it, and is answered once', async ({ expect }) => {
    const team = aTeam();
    const order = team.anOrder('slack:alice', team.asking());
    const report = await team.deliver(order);
    expect(report).toMatchObject({ kind: 'messages', orders: 1, deadLetters: 0 });
    const [rollout] = team.rollouts();
    expect(rollout!.origin).toEqual({
      door: 'chat',
      client: 'alice',
      idempotencyKey: order.id,
      bodyDigest: expect.stringMatching(/^[0-9a-f]{64}$/),
      chat: { account: order.account, place: order.replyTo.place },
    });
    expect(rollout!.history[0]).toMatchObject({ by: 'alice', detail: 'chat alice' });
    expect(team.answers()).toMatchObject([
      { schema: 'latchkey.reply/1', id: `${order.id} carried out`, to: order.replyTo, attempt: 1 },
    ]);
    await team.world.settle();
    expect(team.world.ecs.look('i-0').keyPairName).toBe('ops');
  });

  test('for a plan changes nothing, and is answered with the plan', async ({ expect }) => {
    const team = aTeam();
    const card = await team.say('slack:alice', team.asking({ dryRun: true }));
    expect(card.title).toBe('Plan: ops on 2 instances');
    expect(wordsOf(card)).toMatch(/Plan: sha256:[0-9a-f]{64}/);
    expect(team.rollouts()).toEqual([]);
    expect(team.world.ecs.calls['AttachKeyPair']).toBeUndefined();
  });

  test('takes a rollout back', async ({ expect }) => {
    const team = anOrderWorld([{ instanceId: 'i-0', keyPairName: 'old' }], {
      people: [someone('alice')],
    });
    await team.say('slack:alice', team.asking());
    await team.world.settle();
    const { rolloutId } = team.rollouts()[0]!;
    const plan = await team.say('slack:alice', { kind: 'undo', rolloutId, dryRun: true });
    expect(plan.title).toContain('Plan: undo of');
    await team.say('feishu:alice', { kind: 'undo', rolloutId, dryRun: false });
    await team.world.settle();
    expect(team.world.ecs.look('i-0').keyPairName).toBe('old');
  });

  test('pauses, resumes and aborts, and the history says who', async ({ expect }) => {
    const team = aTeam();
    await team.say('slack:alice', team.asking());
    const { rolloutId } = team.rollouts()[0]!;
    const orders = (['pause', 'resume', 'abort'] as const).map((kind) =>
      team.anOrder('slack:bob', onIt(kind, rolloutId)),
    );
    for (const order of orders) await team.deliver(order);
    const { history } = await team.world.rollout(rolloutId);
    expect(
      history.filter(({ by }) => by.startsWith('bob')).map(({ what, by }) => [what, by]),
    ).toEqual(['paused', 'resumed', 'aborted'].map((what, n) => [what, `bob ${orders[n]!.id}`]));
  });

  test('to a rollout that is not there, or is over, is refused in words', async ({ expect }) => {
    const team = aTeam();
    const nobody = `ro-${'a'.repeat(26)}`;
    expect(wordsOf(await team.say('slack:bob', onIt('pause', nobody)))).toContain(
      `Cannot pause rollout "${nobody}": no such rollout`,
    );
    await team.say('slack:alice', team.asking());
    await team.world.settle();
    const { rolloutId } = team.rollouts()[0]!;
    const card = await team.say('slack:bob', onIt('pause', rolloutId));
    expect(wordsOf(card)).toContain('it is over');
  });
});

describe('an order that is delivered again', () => {
  test('is done once, and answered with the same', async ({ expect }) => {
    const team = aTeam();
    const order = team.anOrder('slack:alice', team.asking());
    await team.deliver(order, order);
    await team.deliver(order);
    expect(team.rollouts()).toHaveLength(1);
    expect(new Set(team.answers().map(({ id }) => id)).size).toBe(1);
    const { rolloutId } = team.rollouts()[0]!;
    const pause = team.anOrder('slack:bob', onIt('pause', rolloutId));
    await team.deliver(pause);
    await team.deliver(team.anOrder('slack:bob', onIt('resume', rolloutId)));
    await team.deliver(pause);
    expect((await team.world.rollout(rolloutId)).control.kind).toBe('going');
  });

  test('is answered however late, when it had been carried out', async ({ expect }) => {
    const team = aTeam();
    const order = team.anOrder('slack:alice', team.asking());
    await team.deliver(order);
    const { rolloutId } = team.rollouts()[0]!;
    const pause = team.anOrder('slack:bob', onIt('pause', rolloutId));
    await team.deliver(pause);
    team.answers();
    team.world.pass(MAX_ORDER_AGE_MS + 1);
    await team.deliver(order, pause);
    expect(team.answers().map(({ card }) => card.tone)).toEqual(['good', 'good']);
  });
});

describe('an order that is too old', () => {
  test.for([
    ['begins nothing', (team: ReturnType<typeof aTeam>) => team.asking()],
    ['plans nothing', (team: ReturnType<typeof aTeam>) => team.asking({ dryRun: true })],
  ] as const)('%s', async ([, command], { expect }) => {
    const team = aTeam();
    const atMs = team.world.now() - MAX_ORDER_AGE_MS - 1;
    const card = await team.say('slack:alice', command(team), { atMs });
    expect(wordsOf(card)).toContain('it could not be done within 15 minutes');
    expect(team.rollouts()).toEqual([]);
  });

  test('pauses nothing', async ({ expect }) => {
    const team = aTeam();
    await team.say('slack:alice', team.asking());
    const { rolloutId } = team.rollouts()[0]!;
    const atMs = team.world.now() - MAX_ORDER_AGE_MS - 1;
    const card = await team.say('slack:bob', onIt('pause', rolloutId), { atMs });
    expect(card.tone).toBe('bad');
    expect((await team.world.rollout(rolloutId)).control.kind).toBe('going');
  });
});

describe('an order of somebody', () => {
  test('whom the policy does not know any more is refused', async ({ expect }) => {
    const team = aTeam();
    const order = team.anOrder('slack:alice', team.asking());
    team.deploy({ people: [someone('bob')] });
    await team.deliver(order);
    const [answer] = team.answers();
    expect(wordsOf(answer!.card)).toContain(
      'the policy no longer gives this account to the person who ordered it',
    );
    expect(team.rollouts()).toEqual([]);
  });

  test('whose account is another person’s by now is refused', async ({ expect }) => {
    const team = aTeam();
    const order = team.anOrder('slack:alice', team.asking());
    const bob = someone('bob');
    team.deploy({ people: [{ ...bob, accounts: [...bob.accounts, order.account] }] });
    await team.deliver(order);
    expect(team.answers()).toMatchObject([{ card: { tone: 'bad' } }]);
    expect(team.rollouts()).toEqual([]);
  });

  test('who may not any more is refused', async ({ expect }) => {
    const team = aTeam();
    const order = team.anOrder('slack:alice', team.asking());
    team.deploy({ people: [someone('alice', { actions: ['see'] })] });
    await team.deliver(order);
    const [answer] = team.answers();
    expect(wordsOf(answer!.card)).toContain('Cannot ask: person "alice" may not do this');
  });

  test('has exactly the limits of their rule', async ({ expect }) => {
    const team = anOrderWorld(FLEET, {
      people: [someone('alice', { maxInstances: 1, attach: ['wave'] })],
    });
    const words = wordsOf(await team.say('slack:alice', team.asking()));
    expect(words).toContain('person "alice" may not ask for "attach": "now"');
    expect(words).toContain('person "alice" may not ask for 2 instances: the limit is 1');
  });

  test('for another region is refused', async ({ expect }) => {
    const team = aTeam();
    const card = await team.say('slack:alice', team.asking({ regionId: 'cn-beijing' }));
    expect(wordsOf(card)).toContain('must be "cn-hangzhou"');
    expect(team.rollouts()).toEqual([]);
  });

  test('counts against their unfinished rollouts, not against those of a client', async ({
    expect,
  }) => {
    const team = anOrderWorld(FLEET, { people: [someone('ci', { maxOpenRollouts: 1 })] });
    await team.world.ask({ instanceIds: ['i-0'] });
    await team.say('slack:ci', team.asking({ instanceIds: ['i-1'] }));
    expect(team.rollouts()).toHaveLength(2);
    const card = await team.say('slack:ci', team.asking({ instanceIds: ['i-1'] }));
    expect(wordsOf(card)).toContain('another rollout of person "ci": the limit');
  });
});

describe('trouble', () => {
  const trouble = (state: { isOn: boolean }) => (rollouts: Rollouts) =>
    withMethods(rollouts, {
      load: async (id) => {
        if (state.isOn) throw new LatchkeyError('unavailable', 'Cannot read the store: down');
        return rollouts.load(id);
      },
    });

  test('of the store lets the order come again, and then tells that it was for nothing', async ({
    expect,
  }) => {
    const state = { isOn: true };
    const team = aTeam({ rollouts: trouble(state) });
    await team.deliver(team.anOrder('slack:alice', team.asking()));
    expect(team.answers()).toEqual([]);
    expect(team.world.queue.nextMs()).toBe(team.world.now() + 15_000);
    team.world.pass(15_000);
    const again = team.world.queue.receive(100);
    expect(again).toHaveLength(1);
    team.world.pass(MAX_ORDER_AGE_MS);
    await team.deliverBodies(again);
    expect(team.answers()).toMatchObject([{ card: { title: 'Not done', tone: 'bad' } }]);
  });

  test('of the queue lets the whole batch come again', async ({ expect }) => {
    const world = aWorld(FLEET);
    const team = aTeam();
    const lost = new LatchkeyError('unavailable', 'Cannot send: down');
    const handler = makeHandler({
      ...world.ports,
      policy: { ...world.ports.policy, people: [someone('alice')] },
      regionId: 'cn-hangzhou',
      ledger: new ModelLedger(),
      chatQueue: { send: async (messages) => messages.map(() => lost) },
      deadLetters: new ModelQueue(world.ports.clock),
      notifier: { deliver: async () => ({ kind: 'delivered' }) },
    });
    const order = team.anOrder('slack:alice', team.asking());
    await expect(handler(aBatch(bodiesOf({ kind: 'order', order })), context)).rejects.toBe(lost);
  });

  test('of time lets it be begun by another invocation', async ({ expect }) => {
    const team = aTeam({ timeoutSec: 30 });
    await team.deliver(team.anOrder('slack:alice', team.asking()));
    expect(team.answers()).toEqual([]);
    expect(team.rollouts()).toEqual([]);
    expect(team.world.queue.nextMs()).toBe(team.world.now() + 1_000);
  });
});

test('an order without any chats is a dead letter that says nothing of it', async ({ expect }) => {
  const world = aWorld(FLEET);
  const deadLetters = new ModelQueue(world.ports.clock);
  const handler = makeHandler({
    ...world.ports,
    regionId: 'cn-hangzhou',
    ledger: new ModelLedger(),
    deadLetters,
    notifier: { deliver: async () => ({ kind: 'delivered' }) },
  });
  const team = aTeam();
  const order = team.anOrder('slack:alice', team.asking());
  const report = await handler(aBatch(bodiesOf({ kind: 'order', order })), context);
  expect(report).toMatchObject({ orders: 1, deadLetters: 1 });
  expect(deadLetters.sent.map((body) => JSON.parse(body))).toEqual([
    { schema: 'latchkey.dead/1', why: 'the policy has no chats', text: order.id },
  ]);
  expect(world.rollouts.all()).toEqual([]);
});

test('the log says who ordered what, and not in which words, nor where it is answered', async ({
  expect,
}) => {
  const lines: unknown[] = [];
  const log: Log = (level, event, fields) => lines.push({ level, event, fields });
  const team = aTeam({ log });
  const url = 'https://hooks.slack.com/commands/T0001/1/secret';
  const command = team.asking({ note: 'rotation of the secret' });
  const order = team.anOrder('slack:alice', command);
  await team.deliver({ ...order, replyTo: { ...order.replyTo, url } });
  expect(lines).toContainEqual({
    level: 'info',
    event: 'order-done',
    fields: { orderId: order.id, personId: 'alice', command: 'ask' },
  });
  expect(JSON.stringify(lines)).not.toMatch(/hooks\.slack|rotation/);
});
