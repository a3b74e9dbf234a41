import { describe, test } from 'vitest';
import { aClient } from '../../models/builders.ts';
import { aPlace, aChannel, aChatRule, anApproval, aPerson } from '../../support/chat-builders.ts';
import { aMessenger } from '../../support/messenger-world.ts';
import { LatchkeyError } from '../../../shared/domain/model/errors.ts';
import type { Queue } from '../../../shared/domain/model/ports.ts';
import type { Origin } from '../../../shared/domain/model/request.ts';
import type { Rollout } from '../../../shared/domain/model/rollout.ts';

const FAILED = { kind: 'failed', why: 'HTTP status 500', retryAfterMs: null } as const;
const GONE = { kind: 'gone', why: 'channel_not_found' } as const;
const HOUR_MS = 3_600_000;

const DINGTALK = aPlace({ platform: 'dingtalk', tenant: 'ding0001', channel: 'cid0001' });

const IN_SLACK: Partial<Origin> = {
  door: 'chat',
  client: 'alice',
  chat: {
    account: { platform: 'slack', tenant: 'T0001', user: 'U0001' },
    place: aPlace({ channel: 'C0009' }),
  },
};

/** One that is waited for in a channel of DingTalk. */
const inDingtalk = {
  chat: aChatRule({ channels: [aChannel({ place: DINGTALK })] }),
};

const halted = (atMs: number): Partial<Rollout> => ({
  control: { kind: 'halted', cause: 'the canary i-a failed', by: '', atMs },
  waitingFor: 'halted',
});

describe('where a rollout is shown', () => {
  test('one that came by webhook has a card in the channel of the policy', async ({ expect }) => {
    const { begin, look, chatOut, state } = aMessenger();
    const rollout = await begin();
    await look(rollout);
    expect(chatOut.calls).toMatchObject([{ kind: 'post', place: aPlace() }]);
    expect(state(rollout, aPlace())).toMatchObject({ messageId: 'm-1', ownerUntilMs: 0 });
  });

  test('one that was asked for in a chat has it there, and not in a channel for others', async ({
    expect,
  }) => {
    const { begin, look, chatOut } = aMessenger();
    await look(await begin({}, IN_SLACK));
    expect(chatOut.calls).toMatchObject([{ kind: 'post', place: { channel: 'C0009' } }]);
  });

  test('a channel where it was asked for has one card, though the policy names it too', async ({
    expect,
  }) => {
    const channels = [
      aChannel({ place: aPlace({ channel: 'C0009' }), doors: ['chat'] }),
      aChannel({ id: 'all', doors: ['chat', 'webhook', 'launch'] }),
    ];
    const { begin, look, chatOut } = aMessenger({ policy: { chat: aChatRule({ channels }) } });
    await look(await begin({}, IN_SLACK));
    expect(chatOut.calls.map((call) => call.kind === 'post' && call.place.channel)).toEqual([
      'C0009',
      'C0001',
    ]);
  });

  test.for([
    ['there is no chat', { chat: null }],
    ['no channel wants it', { chat: aChatRule() }],
    ['its platform is not set up', { chat: aChatRule({ apps: {}, channels: [aChannel()] }) }],
  ] as const)('it has no card, and costs nothing, when %s', async ([, policy], { expect }) => {
    const { begin, look, chatOut, chatQueue, cards } = aMessenger({ policy });
    await look(await begin());
    expect(chatOut.calls).toEqual([]);
    expect([chatQueue.sent, cards.saves]).toEqual([[], 0]);
  });
});

describe('one message for each rollout', () => {
  test('is posted once and edited as things go on, however many messages come', async ({
    expect,
  }) => {
    const { world, begin, look, deliver, chatOut, passAndReceive } = aMessenger();
    const rollout = await begin();
    const body = JSON.stringify({ schema: 'latchkey.card/1', rolloutId: rollout.rolloutId });
    await deliver([body, body, body]);
    expect(await deliver([body, body])).toMatchObject({ rollouts: 1 });
    expect(chatOut.told()).toEqual(['post Restarting: ops on 1 instance']);

    await world.settle();
    world.pass(2_000);
    await look(rollout);
    expect(chatOut.told().slice(1)).toEqual(['update Done: ops on 1 instance']);
    expect(chatOut.calls[1]).toMatchObject({ ref: { place: aPlace(), messageId: 'm-1' } });

    await look(rollout);
    expect(await passAndReceive(24 * HOUR_MS)).toBe(1);
    expect(chatOut.calls).toHaveLength(2);
  });

  test('what changes within the pace of DingTalk is shown by one update', async ({ expect }) => {
    const { world, begin, look, change, chatOut, passAndReceive } = aMessenger({
      policy: inDingtalk,
    });
    const rollout = await begin();
    await look(rollout);
    for (let n = 1; n <= 10; n++) {
      world.pass(500);
      await change(rollout, { history: [], request: { ...rollout.request, note: `note ${n}` } });
      await look(rollout);
    }
    expect(chatOut.calls).toHaveLength(1);
    await passAndReceive(2_000);
    expect(chatOut.calls).toHaveLength(2);
    expect(JSON.stringify(chatOut.calls[1])).toContain('note 10');
  });

  test('a minute of constant change is at most ten updates there', async ({ expect }) => {
    const { begin, look, change, chatOut, passAndReceive } = aMessenger({ policy: inDingtalk });
    const rollout = await begin();
    for (let n = 1; n <= 240; n++) {
      await change(rollout, { request: { ...rollout.request, note: `note ${n}` } });
      await look(rollout);
      await passAndReceive(250);
    }
    expect(chatOut.calls.length).toBeLessThanOrEqual(11);
    expect(chatOut.calls.length).toBeGreaterThanOrEqual(10);
  });

  test('two invocations at once post it once', async ({ expect }) => {
    const { begin, look, chatOut } = aMessenger();
    const rollout = await begin();
    await Promise.all([look(rollout), look(rollout), look(rollout)]);
    expect(chatOut.calls).toHaveLength(1);
  });

  test('what changed while somebody else was at it is shown afterwards', async ({ expect }) => {
    const { world, begin, look, change, chatOut, passAndReceive } = aMessenger();
    const rollout = await begin();
    let second: Promise<unknown> = Promise.resolve();
    chatOut.meanwhile = () => {
      chatOut.meanwhile = () => {};
      const note = 'a later note';
      second = change(rollout, { request: { ...rollout.request, note } }).then(() => look(rollout));
    };
    await look(rollout);
    await second;
    expect(JSON.stringify(chatOut.calls)).not.toContain('a later note');
    await passAndReceive(10_000);
    expect(chatOut.told()).toEqual([
      'post Restarting: ops on 1 instance',
      'update Restarting: ops on 1 instance',
    ]);
    expect(JSON.stringify(chatOut.calls[1])).toContain('a later note');
    expect(world.now()).toBeGreaterThan(0);
  });
});

test('what somebody read too long ago is not shown over what is shown already', async ({
  expect,
}) => {
  const { world, begin, look, change, chatOut, passAndReceive } = aMessenger();
  const rollout = await begin();
  await look(rollout);
  world.pass(5_000);
  const old = await world.rollout(rollout.rolloutId);
  await change(rollout, { request: { ...rollout.request, note: 'a later note' } });
  await look(rollout);
  world.pass(5_000);
  const load = world.rollouts.load.bind(world.rollouts);
  world.rollouts.load = async () => old;
  await look(rollout);
  world.rollouts.load = load;
  await passAndReceive(60_000);
  expect(chatOut.calls.filter(({ kind }) => kind === 'update')).toHaveLength(1);
  expect(JSON.stringify(chatOut.calls[1])).toContain('a later note');
});

describe('when something goes wrong', () => {
  test('a crash between posting and saving posts again under the same key', async ({ expect }) => {
    const { begin, look, chatOut, chatQueue, cards, passAndReceive } = aMessenger();
    const rollout = await begin();
    const save = cards.save.bind(cards);
    let saves = 0;
    cards.save = (before, after) => {
      saves += 1;
      // The claim is saved; what was posted is not.
      if (saves === 2) throw new LatchkeyError('unavailable', 'Cannot save: away');
      return save(before, after);
    };
    await expect(look(rollout)).rejects.toThrow('away');
    expect(chatOut.calls).toHaveLength(1);

    // The platform delivers the batch again, while the dead owner still counts as alive.
    await look(rollout);
    expect(chatOut.calls).toHaveLength(1);
    expect(chatQueue.nextMs()).toBeDefined();
    await passAndReceive(61_000);
    const [first, second, ...others] = chatOut.calls;
    expect(others.filter(({ kind }) => kind === 'post')).toEqual([]);
    expect(second).toMatchObject({ kind: 'post', key: first?.kind === 'post' ? first.key : '' });
  });

  test('a lost wake-up is made up for within half a minute, without any event', async ({
    expect,
  }) => {
    const { world, begin, look, chatOut, passAndReceive } = aMessenger();
    const rollout = await begin();
    await look(rollout);
    // Restarted and ready, and nobody told the messenger.
    await world.settle(20_000);
    await passAndReceive(31_000);
    expect(chatOut.calls.length).toBeGreaterThan(1);
    await world.settle();
    await passAndReceive(31_000);
    expect(chatOut.told().at(-1)).toBe('update Done: ops on 1 instance');
    expect(await passAndReceive(24 * HOUR_MS)).toBe(0);
  });

  test('there is one message under way for a rollout, however often it is looked at', async ({
    expect,
  }) => {
    const { begin, look, chatQueue, world } = aMessenger();
    const rollout = await begin();
    for (let n = 0; n < 20; n++) {
      await look(rollout);
      world.pass(100);
    }
    expect(chatQueue.sent).toHaveLength(1);
  });

  test('one that waits for a person is looked at every five minutes', async ({ expect }) => {
    const { begin, look, change, passAndReceive } = aMessenger();
    const rollout = await begin();
    await change(rollout, {
      control: { kind: 'paused', cause: 'paused', by: 'ci msg_2', atMs: 1 },
      waitingFor: 'paused',
    });
    await look(rollout);
    expect(await passAndReceive(HOUR_MS)).toBe(12);
  });

  test('what fails is tried six times, later each time, and then not before the next change', async ({
    expect,
  }) => {
    const { begin, look, change, chatOut, passAndReceive, lines } = aMessenger();
    const rollout = await begin();
    await change(rollout, { control: { kind: 'paused', cause: '', by: 'ci m', atMs: 1 } });
    chatOut.failsFor = () => FAILED;
    await look(rollout);
    await passAndReceive(HOUR_MS);
    expect(chatOut.calls).toHaveLength(6);
    expect(new Set(chatOut.calls.map((call) => call.kind === 'post' && call.key)).size).toBe(1);
    expect(lines.filter(([, event]) => event === 'card-failed')).toHaveLength(6);

    chatOut.failsFor = () => null;
    await change(rollout, { control: { kind: 'going' } });
    await look(rollout);
    expect(chatOut.calls).toHaveLength(7);
  });

  test('a platform that wants to be left alone is left alone', async ({ expect }) => {
    const { begin, look, chatOut, passAndReceive } = aMessenger();
    const rollout = await begin();
    chatOut.next.push({ ...FAILED, retryAfterMs: 60_000 });
    await look(rollout);
    await look(rollout);
    await passAndReceive(59_000);
    expect(chatOut.calls).toHaveLength(1);
    await passAndReceive(2_000);
    expect(chatOut.calls).toHaveLength(2);
  });

  test('a channel that is gone is not tried again, and harms nothing', async ({ expect }) => {
    const channels = [
      aChannel({ place: aPlace({ channel: 'CGONE' }) }),
      aChannel({ id: 'other', place: DINGTALK }),
    ];
    const { world, begin, look, chatOut, passAndReceive, state } = aMessenger({
      policy: { chat: aChatRule({ channels }) },
    });
    chatOut.failsFor = (call) =>
      call.kind === 'post' && call.place.channel === 'CGONE' ? GONE : null;
    const rollout = await begin();
    await look(rollout);
    await world.settle();
    await passAndReceive(HOUR_MS);
    const posts = chatOut.calls.filter(({ kind }) => kind === 'post');
    expect(posts).toHaveLength(2);
    expect(state(rollout, channels[0]!.place)).toMatchObject({ gone: 'channel_not_found' });
    expect(chatOut.told().at(-1)).toBe('update Done: ops on 1 instance');
    expect((await world.rollout(rollout.rolloutId)).phase).toBe('done');
  });

  test('where all channels are gone nothing is woken any more', async ({ expect }) => {
    const { begin, look, chatOut, chatQueue } = aMessenger();
    chatOut.failsFor = () => GONE;
    await look(await begin());
    expect(chatQueue.sent).toEqual([]);
  });

  test('a card that somebody deleted is posted anew, once', async ({ expect }) => {
    const { world, begin, look, change, chatOut, passAndReceive, state } = aMessenger();
    const rollout = await begin();
    await look(rollout);
    chatOut.failsFor = (call) => (call.kind === 'update' ? GONE : null);
    for (const note of ['one', 'two', 'three']) {
      world.pass(5_000);
      await change(rollout, { request: { ...rollout.request, note } });
      await look(rollout);
      await passAndReceive(5_000);
    }
    const posts = chatOut.calls.flatMap((call) => (call.kind === 'post' ? [call.key] : []));
    expect(new Set(posts).size).toBe(2);
    expect(state(rollout, aPlace())).toMatchObject({ gone: 'channel_not_found' });
  });

  test('a wake-up that the queue does not take makes the batch come again', async ({ expect }) => {
    const refusal = new LatchkeyError('unavailable', 'Cannot send: the queue is away');
    let isAway = true;
    const sent: number[] = [];
    const chatQueue: Queue = {
      send: async (messages) => {
        if (!isAway) sent.push(messages.length);
        return messages.map(() => (isAway ? refusal : undefined));
      },
    };
    const { begin, look, chatOut } = aMessenger({ ports: { chatQueue } });
    const rollout = await begin();
    await expect(look(rollout)).rejects.toBe(refusal);
    isAway = false;
    await look(rollout);
    // Shown once, and the second time it does not believe that a message is under way.
    expect(chatOut.calls).toHaveLength(1);
    expect(sent.filter((count) => count > 0)).toEqual([1]);
  });

  test('one rollout’s trouble does not keep the others from being shown', async ({ expect }) => {
    const { world, begin, deliver, chatOut } = aMessenger();
    const rollout = await begin();
    const load = world.rollouts.load.bind(world.rollouts);
    const broken = `ro-${'b'.repeat(26)}`;
    world.rollouts.load = async (rolloutId) => {
      if (rolloutId === broken) throw new LatchkeyError('unavailable', 'Cannot load: away');
      return load(rolloutId);
    };
    const bodies = [broken, rollout.rolloutId].map((rolloutId) =>
      JSON.stringify({ schema: 'latchkey.card/1', rolloutId }),
    );
    await expect(deliver(bodies)).rejects.toThrow('away');
    expect(chatOut.calls).toHaveLength(1);
  });

  test('what there is no time for is not begun, and comes again at once', async ({ expect }) => {
    const { begin, look, chatOut, chatQueue, world } = aMessenger({ timeoutSec: 12 });
    await look(await begin());
    expect(chatOut.calls).toEqual([]);
    expect(chatQueue.nextMs()).toBe(world.now() + 1_000);
  });
});

describe('a halt', () => {
  test('is told once, in a new message that mentions whoever asked', async ({ expect }) => {
    const { world, begin, look, change, chatOut, passAndReceive } = aMessenger();
    const rollout = await begin({}, IN_SLACK);
    await look(rollout);
    world.pass(2_000);
    await change(rollout, halted(world.now()));
    await look(rollout);
    await look(rollout);
    await passAndReceive(HOUR_MS);
    expect(chatOut.told()).toEqual([
      'post Restarting: ops on 1 instance',
      'update Halted: ops on 1 instance',
      'post Halted: ops on 1 instance',
    ]);
    expect(chatOut.calls.map(({ card }) => card.mention)).toEqual([null, null, 'U0001']);
  });

  test('after a resume the next one is told again', async ({ expect }) => {
    const { world, begin, look, change, chatOut } = aMessenger();
    const rollout = await begin();
    for (const now of [halted(1), { control: { kind: 'going' } } as const, halted(2)]) {
      await change(rollout, now);
      await look(rollout);
      world.pass(10_000);
    }
    const told = chatOut.calls.filter(
      ({ kind, card }) => kind === 'post' && card.buttons.length === 0,
    );
    expect(told).toHaveLength(2);
  });

  test('mentions the person behind a webhook client, as they are known in that place', async ({
    expect,
  }) => {
    const accounts = [
      { platform: 'feishu', tenant: 'tenant0001', user: 'ou_1' },
      { platform: 'dingtalk', tenant: 'ding0001', user: 'manager1' },
    ] as const;
    const { begin, look, change, chatOut } = aMessenger({
      policy: {
        ...inDingtalk,
        clients: [aClient({ id: 'ci', person: 'lin' })],
        people: [aPerson({ id: 'lin', accounts })],
      },
    });
    const rollout = await begin();
    await change(rollout, halted(1));
    await look(rollout);
    expect(chatOut.calls.at(-1)?.card.mention).toBe('manager1');
  });

  test('is told of nobody where nobody is known', async ({ expect }) => {
    const { begin, look, change, chatOut } = aMessenger();
    const rollout = await begin({}, { client: 'stranger' });
    await change(rollout, halted(1));
    await look(rollout);
    expect(chatOut.calls.map(({ card }) => card.mention)).toEqual([null, null]);
  });
});

describe('buttons', () => {
  test('to approve more than DingTalk is enough for are not there, but elsewhere', async ({
    expect,
  }) => {
    const snapshots = Array.from({ length: 21 }, (_, n) => ({ instanceId: `i-${n}` }));
    const channels = [aChannel(), aChannel({ id: 'ding', place: DINGTALK })];
    const { begin, look, change, chatOut } = aMessenger({
      snapshots,
      policy: { chat: aChatRule({ channels }) },
    });
    const rollout = await begin();
    await change(rollout, { approval: anApproval(), waitingFor: 'approval' });
    await look(rollout);
    const actions = chatOut.calls.map((call) => [
      call.kind === 'post' && call.place.platform,
      ...call.card.buttons.map(({ action }) => action),
    ]);
    expect(actions).toEqual([
      ['slack', 'approve', 'deny'],
      ['dingtalk', 'deny'],
    ]);
  });

  const tokensOf = (
    calls: readonly { readonly card: { readonly buttons: readonly { token: string }[] } }[],
  ) => calls.map(({ card }) => card.buttons.map(({ token }) => JSON.parse(token) as unknown));

  test('are bound to rollout, action, plan and place, and an approval to its end', async ({
    expect,
  }) => {
    const { begin, look, change, chatOut } = aMessenger();
    const rollout = await begin();
    const approval = anApproval();
    await change(rollout, { approval, waitingFor: 'approval' });
    await look(rollout);
    const { rolloutId, planDigest } = rollout;
    const terms = { rolloutId, planDigest, channel: 'C0001', expMs: approval.untilMs, round: 0 };
    expect(tokensOf(chatOut.calls)).toEqual([
      [
        { ...terms, action: 'approve' },
        { ...terms, action: 'deny' },
      ],
    ]);
  });

  test('are the same until they are half over: then the card is shown anew', async ({ expect }) => {
    const { world, begin, look, change, chatOut, passAndReceive } = aMessenger();
    const rollout = await begin();
    await change(rollout, { control: { kind: 'paused', cause: '', by: 'ci m', atMs: 1 } });
    await look(rollout);
    const shownAtMs = world.now();
    await passAndReceive(24 * HOUR_MS);
    expect(chatOut.calls).toHaveLength(3);
    for (const call of chatOut.calls) {
      for (const { token } of call.card.buttons) {
        const { expMs } = JSON.parse(token) as { expMs: number };
        expect(expMs).toBeGreaterThan(shownAtMs);
        expect(expMs).toBeLessThanOrEqual(world.now() + 24 * HOUR_MS);
      }
    }
    const [first, second, third] = tokensOf(chatOut.calls);
    expect(first).not.toEqual(second);
    expect(second).not.toEqual(third);
  });

  test('of the same action are others after somebody did something', async ({ expect }) => {
    const { world, begin, look, change, chatOut } = aMessenger();
    const rollout = await begin();
    await look(rollout);
    const entry = { seq: 7, atMs: 1, what: 'resumed', count: 0, detail: '', requestId: '' };
    world.pass(5_000);
    await change(rollout, { history: [{ ...entry, by: 'alice or-1' }] });
    await look(rollout);
    const [first, second] = tokensOf(chatOut.calls);
    expect([first?.length, second?.length]).toEqual([2, 2]);
    expect(second).not.toEqual(first);
  });
});

test('a message that cannot be read, and a rollout that is not there, are dead letters', async ({
  expect,
}) => {
  const { deliver, deadLetters } = aMessenger();
  const nobody = JSON.stringify({ schema: 'latchkey.card/1', rolloutId: `ro-${'c'.repeat(26)}` });
  const report = await deliver(['{"schema":"latchkey.card/1"}', nobody]);
  expect(report).toEqual({ rollouts: 1, replies: 0, deadLetters: 2 });
  expect(deadLetters.sent.map((body) => JSON.parse(body) as unknown)).toMatchObject([
    { why: expect.stringContaining('"/rolloutId"'), text: '{"schema":"latchkey.card/1"}' },
    // As a message of the chat queue, so that it can be sent there again.
    { why: 'no such rollout', text: nobody },
  ]);
});
