import { bodiesOf } from '../../../../shared/contract/messages/codec.ts';
import type { OutMessage } from '../../../../shared/domain/model/messages.ts';
import { describe, test } from 'vitest';
import { LatchkeyError } from '../../../../shared/domain/model/errors.ts';
import type { NoticeMessage } from '../../../../shared/domain/model/notice-message.ts';
import { firstNotices } from '../../../../shared/domain/workflow/notices.ts';
import type { Queue } from '../../../../shared/domain/model/ports.ts';
import type { RolloutRequest } from '../../../../shared/domain/model/request.ts';
import type { NoticeKind } from '../../../../shared/domain/model/rollout.ts';
import { tell } from '../../../../shared/domain/rollouts/carry-out-command.ts';
import { NOW_MS, someRules } from '../../../models/builders.ts';
import { withMethods } from '../../../support/with-methods.ts';
import { aWorld, type Interceptors, rolloutIn } from '../../../models/world.ts';

const KINDS: readonly NoticeKind[] = ['approval-needed', 'break-glass', 'halted', 'ended'];
const PAGER = { id: 'pager', on: KINDS };
const TOLD = { rules: someRules({ channels: [PAGER] }) };

function messagesIn(bodies: readonly string[]): (NoticeMessage & { readonly schema: string })[] {
  return bodies
    .map((body) => JSON.parse(body) as NoticeMessage & { readonly schema: string })
    .filter(({ schema }) => schema === 'latchkey.notice/1');
}

function aFleet(count = 1) {
  return Array.from({ length: count }, (_, n) => ({ instanceId: `i-${n}` }));
}

async function begun(
  over: Partial<RolloutRequest> = {},
  faults: Interceptors = TOLD,
  instances = aFleet(),
) {
  const world = aWorld(instances, faults);
  const { rolloutId } = rolloutIn(await world.ask(over));
  return {
    world,
    rolloutId,
    now: () => world.rollout(rolloutId),
    /** Of each message its kind and its channel, in the order sent. */
    told: () => messagesIn(world.queue.sent).map(({ kind, channel }) => `${kind} ${channel}`),
    messages: () => messagesIn(world.queue.sent),
    tell: (command: Parameters<typeof tell>[1]) =>
      tell(rolloutId, command, 'lin', world.ports, {
        deadlineMs: world.now() + 58_000,
        ownerUntilMs: world.now() + 150_000,
      }),
  };
}

/** Refuses every restart. */
const refusing: Interceptors['ecs'] = (ecs) =>
  withMethods(ecs, {
    rebootInstances: async () => {
      throw new LatchkeyError('refused', 'Cannot reboot: no');
    },
  });

/** Takes no notice while `isDown`; whatever else it takes. */
function flaky() {
  const state = { isDown: true, refused: 0 };
  const refusal = new LatchkeyError('unavailable', 'Cannot send: the queue is away');
  const isNotice = ({ message }: OutMessage) => message.kind === 'notice';
  const queue = (real: Queue): Queue => ({
    send: async (messages) => {
      const errors = [];
      for (const message of messages) {
        const isLost = state.isDown && isNotice(message);
        if (isLost) state.refused += 1;
        else await real.send([message]);
        errors.push(isLost ? refusal : undefined);
      }
      return errors;
    },
  });
  return { state, queue };
}

describe('the channels are told', () => {
  test('when a rollout ends, once, before it is done', async ({ expect }) => {
    const { world, now, told, messages, rolloutId } = await begun();
    expect(told()).toEqual([]);
    await world.settle();

    expect(told()).toEqual(['ended pager']);
    expect(await now()).toMatchObject({ phase: 'done', notices: [] });
    expect(messages()[0]).toMatchObject({
      schema: 'latchkey.notice/1',
      rolloutId,
      attempt: 1,
      data: { status: 'done', restarts: { ready: 1 }, counts: { total: 1, attached: 1 } },
    });
  });

  test('when it needs an approval, before anything is done', async ({ expect }) => {
    const { world, now, told, messages, rolloutId } = await begun({ approveWithinSeconds: 900 });

    expect(told()).toEqual(['approval-needed pager']);
    expect((await now()).notices).toEqual([]);
    expect(messages()[0]!.data).toMatchObject({
      status: 'waiting',
      approval: { state: 'waiting', untilMs: world.now() + 900_000, why: 'asked for' },
      planDigest: (await now()).planDigest,
      nextCalls: [
        `GET /rollouts/${rolloutId}`,
        `POST /rollouts/${rolloutId}/approve`,
        `POST /rollouts/${rolloutId}/deny`,
      ],
    });
    await world.settle();
    expect(told()).toEqual(['approval-needed pager', 'ended pager']);
    expect(messages()[1]!.data).toMatchObject({ approval: { state: 'expired' } });
  });

  test('when somebody breaks the glass, and why', async ({ expect }) => {
    const { told, messages } = await begun({ breakGlass: 'outage 4711' });

    expect(told()).toEqual(['break-glass pager']);
    expect(messages()[0]!.data).toMatchObject({
      breakGlass: { reason: 'outage 4711' },
      requestedBy: { door: 'webhook', client: 'ci' },
    });
  });

  test('at each halt, with its cause', async ({ expect }) => {
    const request = { maxUnavailable: '1', haltAfterFailures: 1 };
    const {
      world,
      told,
      messages,
      tell: say,
    } = await begun(request, { ...TOLD, ecs: refusing }, aFleet(3));
    await world.settle();
    expect(told()).toEqual(['halted pager']);
    expect(messages()[0]!.data).toMatchObject({
      status: 'halted',
      control: 'halted',
      cause: '1 failed or unknown restarts',
    });
    world.pass(1_000);
    await say({ kind: 'resolve', as: 'skip', instanceIds: ['i-0'] });
    await say({ kind: 'resume' });
    await world.settle();

    expect(told()).toEqual(['halted pager', 'halted pager']);
    expect(new Set(messages().map(({ id }) => id)).size).toBe(2);
    await say({ kind: 'abort' });
    await world.settle();
    expect(told().at(-1)).toBe('ended pager');
    expect(messages().at(-1)!.data).toMatchObject({ control: 'aborted', by: 'lin' });
  });

  test('of each end, when a retry makes it begin again', async ({ expect }) => {
    const { world, told, messages, tell: say } = await begun({}, { ...TOLD, ecs: refusing });
    await world.settle();
    world.pass(1_000);
    await say({ kind: 'resolve', as: 'retry', instanceIds: ['i-0'] });
    await world.settle();

    expect(told()).toEqual(['ended pager', 'ended pager']);
    expect(new Set(messages().map(({ id }) => id)).size).toBe(2);
  });

  test('each of what it wants, under an id of its own', async ({ expect }) => {
    const ended = ['ended' as const];
    const likeIds = ['a.b', 'a_b', 'a-b', 'a_-b'].map((id) => ({ id, on: ended }));
    const channels = [PAGER, ...likeIds, { id: 'none', on: [] }];
    const { world, told, messages } = await begun(
      { breakGlass: 'outage' },
      { rules: someRules({ channels }) },
    );
    await world.settle();

    expect(told()).toEqual([
      'break-glass pager',
      'ended pager',
      ...likeIds.map(({ id }) => `ended ${id}`),
    ]);
    const ids = messages().map(({ id }) => id);
    expect(new Set(ids).size).toBe(6);
    // As a `webhook-id` has to be.
    for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9_-]{1,128}$/);
  });
});

test('where nobody wants to know, nothing is kept, and nothing is saved for it', async ({
  expect,
}) => {
  const savesOf = async (request: Partial<RolloutRequest>, faults: Interceptors = {}) => {
    const { world, told, now } = await begun(request, faults);
    await world.settle();
    expect((await now()).phase).toBe('done');
    return { saves: world.rollouts.saves, told: told().length };
  };
  const ordinary = await savesOf({});
  expect(await savesOf({ breakGlass: 'outage' })).toEqual(ordinary);
  expect(await savesOf({ breakGlass: 'outage' }, TOLD)).toEqual({ ...ordinary, told: 2 });

  const { world, now } = await begun({ approveWithinSeconds: 900 }, {});
  expect((await now()).notices).toEqual([]);
  // The wake-up for the end of the time.
  expect(world.rollouts.saves).toBe(1);
});

describe('a notice that the queue does not take', () => {
  test('keeps a rollout from being done, and is sent when it does', async ({ expect }) => {
    const { state, queue } = flaky();
    const { world, now, told } = await begun({}, { ...TOLD, queue });
    await world.settle();
    expect(await now()).toMatchObject({
      phase: 'closing',
      notices: [{ kind: 'ended' }],
    });
    // The instances are given back all the same.
    expect(world.memories.peek('i-0')?.holder).toBeNull();

    state.isDown = false;
    world.pass(60_000);
    await world.tick();
    expect(told()).toEqual(['ended pager']);
    expect(await now()).toMatchObject({ phase: 'done', notices: [] });
    expect(await world.rollouts.open()).toEqual([]);
  });

  test('holds up neither attaches nor restarts', async ({ expect }) => {
    const { state, queue } = flaky();
    const { world, now, told } = await begun({ breakGlass: 'outage' }, { ...TOLD, queue });
    await world.settle(20_000);
    expect(world.ecs.look('i-0').boots).toBe(1);
    expect((await now()).notices.map(({ kind }) => kind)).toContain('break-glass');

    state.isDown = false;
    await world.settle();
    world.pass(60_000);
    await world.tick();
    expect(told().toSorted()).toEqual(['break-glass pager', 'ended pager']);
    expect((await now()).phase).toBe('done');
  });

  test('has the same id when it is sent again', async ({ expect }) => {
    const seen: string[] = [];
    const channels = [PAGER, { id: 'log', on: KINDS }];
    // It takes the first message, and then breaks: of two channels, one is told twice.
    const queue = (real: Queue): Queue => ({
      send: async (messages) => {
        seen.push(
          ...messagesIn(messages.flatMap(({ message }) => bodiesOf(message))).map(({ id }) => id),
        );
        await real.send(messages);
        const isFirst = seen.length <= channels.length;
        return messages.map((message, index) =>
          isFirst && index > 0 && message.message.kind === 'notice'
            ? new LatchkeyError('timeout', 'Cannot send: no answer in time')
            : undefined,
        );
      },
    });
    const { world, now } = await begun(
      { approveWithinSeconds: 900 },
      { rules: someRules({ channels }), queue },
    );
    world.pass(60_000);
    await world.tick();

    expect(seen).toHaveLength(4);
    expect(new Set(seen).size).toBe(2);
    expect((await now()).notices).toEqual([]);
  });
});

test('one whose sender died is sent by the timer, and not before it must be dead', async ({
  expect,
}) => {
  const { queue, state } = flaky();
  const dying = (real: Queue): Queue => ({
    send: async (messages) => {
      const isNotice = messagesIn(messages.flatMap(({ message }) => bodiesOf(message))).length > 0;
      if (isNotice && state.isDown) throw new Error('killed');
      return queue(real).send(messages);
    },
  });
  const world = aWorld(aFleet(), { ...TOLD, queue: dying });
  await world.ask({ approveWithinSeconds: 3_600 }).catch(() => undefined);
  state.isDown = false;
  const told = () => messagesIn(world.queue.sent).map(({ kind }) => kind);
  world.pass(60_000);
  await world.tick();
  expect(told()).toEqual([]);
  world.pass(120_000);
  await world.tick();

  expect(told()).toEqual(['approval-needed']);
});

test('what a notice says stays below 4 KB, whatever people have written', async ({ expect }) => {
  const long = '停'.repeat(200);
  const {
    world,
    messages,
    tell: say,
  } = await begun(
    { note: long, breakGlass: long, groupBy: 'g'.repeat(128), approveWithinSeconds: null },
    TOLD,
    aFleet(1_000),
  );
  await say({ kind: 'abort' });
  await world.settle();

  expect(messages().length).toBe(2);
  for (const message of messages()) {
    expect(Buffer.byteLength(JSON.stringify(message))).toBeLessThan(4_096);
  }
});

test('a rollout begins with the notices that some channel wants', ({ expect }) => {
  const kinds = ['break-glass', 'approval-needed'] as const;

  expect(firstNotices(kinds, [], NOW_MS)).toEqual([]);
  expect(firstNotices(kinds, [{ id: 'log', on: ['approval-needed'] }], NOW_MS)).toEqual([
    { kind: 'approval-needed', atMs: NOW_MS },
  ]);
});
