import { describe, test } from 'vitest';
import { isBoundOnly, refusalOf } from '../../../../shared/domain/workflow/control.ts';
import type { Command } from '../../../../shared/domain/model/command.ts';
import { LatchkeyError } from '../../../../shared/domain/model/errors.ts';
import type { Ecs, GateAnswer } from '../../../../shared/domain/model/ports.ts';
import { statusOf } from '../../../../shared/domain/model/outcome.ts';
import { step } from '../../../../shared/domain/workflow/step.ts';
import { tell as tellTo } from '../../../../shared/domain/rollouts/tell.ts';
import type { RolloutRequest } from '../../../../shared/domain/model/request.ts';
import { aMoment } from '../../../models/builders.ts';
import { aWorld, type Interceptors, rolloutIn } from '../../../models/world.ts';

const LIN = { person: 'lin', place: null };

const WAVES: Partial<RolloutRequest> = {
  ramp: 'doubling',
  maxUnavailable: '50%',
  haltAfterFailures: 1,
  bakeSeconds: 60,
};

async function begun(count: number, over: Partial<RolloutRequest> = {}, faults: Interceptors = {}) {
  const ids = Array.from({ length: count }, (_, n) => ({ instanceId: `i-${n}`, name: `web-${n}` }));
  const world = aWorld(ids, faults);
  const { rolloutId } = rolloutIn(await world.ask({ ...WAVES, ...over }));
  const tell = (command: Command) =>
    tellTo(rolloutId, command, 'lin', world.ports, {
      deadlineMs: world.now() + 58_000,
      ownerUntilMs: world.now() + 90_000,
    });
  const now = () => world.rollout(rolloutId);
  const boots = () => ids.map(({ instanceId }) => world.ecs.look(instanceId).boots);
  return { world, rolloutId, tell, now, boots };
}

/** Refuses to reboot these, each for itself. */
function refusing(...refused: readonly string[]) {
  return (ecs: Ecs): Ecs =>
    new Proxy(ecs, {
      get: (target, key) => {
        const method = Reflect.get(target, key) as (...args: unknown[]) => Promise<unknown>;
        if (key !== 'rebootInstances') return method.bind(target);
        return async (ids: readonly string[]) => {
          const good = ids.filter((id) => !refused.includes(id));
          const answer = await target.rebootInstances(good);
          const failed = ids
            .filter((id) => refused.includes(id))
            .map((instanceId) => ({
              instanceId,
              kind: 'failed' as const,
              code: 'InstanceNotReady',
              message: 'no',
            }));
          return { ...answer, outcomes: [...answer.outcomes, ...failed] };
        };
      },
    });
}

describe('waves', () => {
  test('go canary first, one after the other, to the end', async ({ expect }) => {
    const { world, now, boots } = await begun(8);
    await world.settle(1_000);
    expect(boots().filter((n) => n > 0)).toHaveLength(0);
    expect((await now()).wave).toBe(1);
    await world.settle(10_000);
    expect(boots().filter((n) => n > 0)).toHaveLength(1);
    await world.settle();
    const rollout = await now();
    expect(rollout.phase).toBe('done');
    expect(boots()).toEqual([1, 1, 1, 1, 1, 1, 1, 1]);
    const sizes = [1, 2, 3, 4].map(
      (k) => rollout.instances.filter(({ wave }) => wave === k).length,
    );
    expect(sizes).toEqual([1, 2, 4, 1]);
    const starts = rollout.history.filter(({ what }) => what === 'wave started');
    const ready = rollout.history.filter(({ what }) => what === 'ready');
    expect(starts[1]!.atMs - ready[0]!.atMs).toBeGreaterThanOrEqual(60_000);
  });

  test('attach just before they restart, if asked to', async ({ expect }) => {
    const { world, now } = await begun(4, { attach: 'wave' });
    await world.settle(20_000);
    const kinds = (await now()).instances.map(({ attach }) => attach.kind);
    expect(kinds).toEqual(['attached', 'waiting', 'waiting', 'waiting']);
    await world.settle();
    expect(await now()).toMatchObject({ phase: 'done' });
    expect((await now()).instances.every(({ restart }) => restart.kind === 'ready')).toBe(true);
  });

  test('fail when what was ready did not stay so', async ({ expect }) => {
    const { world, now, boots } = await begun(4);
    await world.settle(40_000);
    world.ecs.change('i-0', { status: 'Stopped' });
    await world.settle();
    expect((await now()).instances[0]!.restart).toMatchObject({ code: 'NotStayedReady' });
    expect(statusOf(await now())).toBe('halted');
    expect(boots()).toEqual([1, 0, 0, 0]);
  });
});

test('a wave that has no room looks who is back, and goes on', async ({ expect }) => {
  const { world, now, boots, tell } = await begun(3, { maxUnavailable: '1', haltAfterFailures: 9 });
  await world.settle(2_000);
  world.ecs.change('i-0', { status: 'Stopped' });
  await world.settle(400_000);
  expect((await now()).instances[0]!.restart).toMatchObject({ code: 'ReadyTimeout' });
  await tell({ kind: 'resume' });
  await world.settle(600_000);
  expect(await now()).toMatchObject({ waitingFor: 'budget' });
  world.ecs.change('i-0', { status: 'Running' });
  await world.settle();
  expect(boots().slice(1)).toEqual([1, 1]);
  expect(await now()).toMatchObject({ phase: 'done' });
});

describe('a halt', () => {
  test('after a failed canary leaves the rest as it was, until resumed', async ({ expect }) => {
    const { world, now, boots, tell } = await begun(4, {}, { ecs: refusing('i-0') });
    await world.settle();
    expect(await now()).toMatchObject({ phase: 'open', waitingFor: 'halted' });
    expect((await now()).control).toMatchObject({ kind: 'halted', cause: 'the canary i-0 failed' });
    expect((await now()).instances.filter(isBoundOnly)).toHaveLength(3);
    expect(boots()).toEqual([0, 0, 0, 0]);
    await tell({ kind: 'resume' });
    await world.settle();
    expect(await now()).toMatchObject({ phase: 'done' });
    expect(boots()).toEqual([0, 1, 1, 1]);
  });

  test('comes at the failure that is one too many, not before', async ({ expect }) => {
    const { world, now, boots } = await begun(
      8,
      { haltAfterFailures: 2, maxUnavailable: '100%' },
      { ecs: refusing('i-1', 'i-4') },
    );
    await world.settle();
    expect((await now()).control).toMatchObject({ kind: 'halted' });
    expect(boots()).toEqual([1, 0, 1, 1, 0, 1, 1, 0]);
  });

  test('does not come of what could not be started', async ({ expect }) => {
    const world = aWorld([{ instanceId: 'i-0', status: 'Stopped' }, { instanceId: 'i-1' }], {
      ecs: (ecs) =>
        new Proxy(ecs, {
          get: (target, key) => {
            const method = Reflect.get(target, key) as (...args: unknown[]) => Promise<unknown>;
            if (key !== 'startInstances') return method.bind(target);
            return async (ids: readonly string[]) => ({
              requestId: 'r',
              outcomes: ids.map((instanceId) => ({
                instanceId,
                kind: 'failed',
                code: 'OperationDenied.NoStock',
                message: 'no stock',
              })),
            });
          },
        }),
    });
    const request = { ...WAVES, startStopped: true, ramp: 'none' as const };
    const { rolloutId } = rolloutIn(await world.ask(request));
    await world.settle();
    expect(await world.rollout(rolloutId)).toMatchObject({ phase: 'done' });
    expect(world.ecs.look('i-1').boots).toBe(1);
  });
});

describe('what holds a wave back', () => {
  test('a pause, until it is resumed', async ({ expect }) => {
    const { world, now, boots, tell } = await begun(4);
    await tell({ kind: 'pause' });
    await world.settle();
    expect(boots()).toEqual([0, 0, 0, 0]);
    expect(statusOf(await now())).toBe('paused');
    await tell({ kind: 'resume' });
    await world.settle();
    expect(boots()).toEqual([1, 1, 1, 1]);
    expect((await now()).history.filter(({ by }) => by === 'lin')).toHaveLength(2);
  });

  test('the global stop, until it is taken back', async ({ expect }) => {
    const { world, now, boots } = await begun(2);
    await world.ports.stop.set({ by: 'lin', atMs: world.now(), reason: 'incident' });
    await world.settle();
    expect(await now()).toMatchObject({ waitingFor: 'stopped' });
    await world.ports.stop.set(null);
    await world.tick();
    await world.settle();
    expect(boots()).toEqual([1, 1]);
  });

  test('a window, with the time at which it opens', async ({ expect }) => {
    const window = { days: ['tue'], start: '02:00', end: '03:00', timeZone: 'UTC' } as const;
    const schedule = { window, freezes: [] };
    // NOW_MS is a Monday.
    const { world, now, boots } = await begun(1, {}, { schedule });
    await world.settle(60_000);
    const opensMs = Date.UTC(2026, 8, 22, 2);
    expect(await now()).toMatchObject({ waitingFor: 'window', waitingUntilMs: opensMs });
    expect(boots()).toEqual([0]);
    await world.settle(86_400_000);
    expect(boots()).toEqual([1]);
    expect(world.now()).toBeGreaterThan(opensMs);
  });

  test('the health gate: wait waits, go goes, halt halts', async ({ expect }) => {
    const answers: GateAnswer['answer'][] = ['wait', 'go', 'halt'];
    const asked: string[] = [];
    const gate = {
      ask: async ({ phase, wave }: { phase: string; wave: number }): Promise<GateAnswer> => {
        asked.push(`${phase} ${wave}`);
        return { answer: answers.shift() ?? 'go', reason: 'errors up' };
      },
    };
    const { world, now, boots } = await begun(3, {}, { gate });
    await world.settle();
    expect(asked).toEqual(['before 1', 'before 1', 'after 1']);
    expect((await now()).control).toMatchObject({
      kind: 'halted',
      cause: 'health gate: errors up',
    });
    expect(boots()).toEqual([1, 0, 0]);
  });
});

test('the health gate is asked after the last wave, too, and its word is kept', async ({
  expect,
}) => {
  const asked: string[] = [];
  const gate = {
    ask: async ({ phase, wave }: { phase: string; wave: number }): Promise<GateAnswer> => {
      asked.push(`${phase} ${wave}`);
      return { answer: 'go', reason: 'all well' };
    },
  };
  const { world, now } = await begun(2, {}, { gate });
  await world.settle();
  expect(asked).toEqual(['before 1', 'after 1', 'before 2', 'after 2']);
  expect((await now()).history).toContainEqual(
    expect.objectContaining({ what: 'gate after wave 2', detail: 'go: all well' }),
  );
});

describe('approval', () => {
  test('an abort is a no, and ends it at once', async ({ expect }) => {
    const { world, now, tell, boots } = await begun(1, { approveWithinSeconds: 3_600 });
    await tell({ kind: 'abort' });
    await world.settle(1_000);
    expect(await now()).toMatchObject({
      phase: 'done',
      control: { kind: 'aborted', by: 'lin' },
      approval: { state: 'denied', by: 'lin' },
      instances: [{ attach: { kind: 'skipped', reason: 'aborted' } }],
    });
    expect(boots()).toEqual([0]);
  });

  test('is what it waits for again after a pause', async ({ expect }) => {
    const { world, now, tell } = await begun(1, { approveWithinSeconds: 3_600 });
    const untilMs = world.now() + 3_600_000;
    await tell({ kind: 'pause' });
    expect((await now()).waitingFor).toBe('paused');
    await tell({ kind: 'resume' });
    expect(await now()).toMatchObject({ waitingFor: 'approval', waitingUntilMs: untilMs });
  });

  test('comes before anything is done, and is bound to the plan', async ({ expect }) => {
    const { world, now, tell, boots } = await begun(1, { approveWithinSeconds: 3_600 });
    expect(statusOf(await now())).toBe('waiting');
    expect(world.ecs.look('i-0').keyPairName).toBeNull();
    const { planDigest } = await now();
    const other = `sha256:${'0'.repeat(64)}`;
    expect(refusalOf(await now(), { kind: 'approve', planDigest: other })).toContain(planDigest);
    await expect(tell({ kind: 'approve', planDigest: other, approver: LIN })).rejects.toMatchObject(
      {
        code: 'conflict',
      },
    );
    expect(statusOf(await now())).toBe('waiting');
    await tell({ kind: 'approve', planDigest, approver: LIN });
    await world.settle();
    expect(boots()).toEqual([1]);
  });

  test('that does not come in time is a no', async ({ expect }) => {
    const { world, now, boots } = await begun(1, { approveWithinSeconds: 3_600 });
    await world.settle(7_200_000);
    expect(await now()).toMatchObject({ phase: 'done', approval: { state: 'expired' } });
    expect((await now()).instances[0]!.attach).toMatchObject({ reason: 'denied' });
    expect(boots()).toEqual([0]);
    expect(await world.rollouts.open()).toEqual([]);
  });

  test('denied ends it, and the first decision counts', async ({ expect }) => {
    const { now, tell } = await begun(1, { approveWithinSeconds: 3_600 });
    await tell({ kind: 'deny' });
    const { planDigest } = await now();
    expect(await now()).toMatchObject({ phase: 'done', approval: { state: 'denied', by: 'lin' } });
    expect(refusalOf(await now(), { kind: 'approve', planDigest })).toBe('it was denied by lin');
  });
});

describe('an abort', () => {
  test('lets finish what runs, and drops the rest', async ({ expect }) => {
    const { world, now, boots, tell } = await begun(4);
    await world.settle(2_000);
    await tell({ kind: 'abort' });
    await world.settle();
    expect(boots()).toEqual([1, 0, 0, 0]);
    const kinds = (await now()).instances.map(({ restart }) => restart.kind);
    expect(kinds).toEqual(['ready', 'dropped', 'dropped', 'dropped']);
    expect(await now()).toMatchObject({ phase: 'done' });
    expect((await now()).instances.filter(isBoundOnly)).toHaveLength(3);
  });
});

describe('resolve', () => {
  const lost = new LatchkeyError('timeout', 'Cannot read the answer');
  const losing = (ecs: Ecs): Ecs => {
    let left = 1;
    return new Proxy(ecs, {
      get: (target, key) => {
        const method = Reflect.get(target, key) as (...args: unknown[]) => Promise<unknown>;
        if (key !== 'rebootInstances' || left-- <= 0) return method.bind(target);
        return () => Promise.reject(lost);
      },
    });
  };

  test('as retry restarts what nobody knows of, also when all is over', async ({ expect }) => {
    const { world, now, boots, tell } = await begun(1, {}, { ecs: losing });
    await world.settle();
    expect(await now()).toMatchObject({ phase: 'done' });
    expect((await now()).instances[0]!.restart.kind).toBe('unknown');
    await tell({ kind: 'resolve', as: 'retry', instanceIds: ['i-0'] });
    await world.settle();
    expect((await now()).instances[0]!.restart).toMatchObject({ kind: 'ready', attempt: 2 });
    expect(await now()).toMatchObject({ phase: 'done' });
    expect(boots()).toEqual([1]);
    expect(await world.rollouts.open()).toEqual([]);
  });

  test('that comes twice permits one more restart, not two', async ({ expect }) => {
    const { world, now, tell } = await begun(1, {}, { ecs: refusing('i-0') });
    await world.settle();
    const before = await now();
    const command = { kind: 'resolve', as: 'retry', instanceIds: ['i-0'] } as const;
    await tell(command);
    await world.settle();
    expect((await now()).instances[0]!.restart).toMatchObject({ kind: 'failed', attempt: 2 });
    // The slow delivery, whose save met a conflict, is judged again on what there is now.
    const moment = aMoment({ nowMs: world.now() });
    const event = { kind: 'command', command, by: 'lin', openedAtMs: world.now() } as const;
    expect(step(await now(), event, moment).effects).toEqual([]);
    expect(before.instances[0]!.restart).toMatchObject({ kind: 'failed', attempt: 1 });
  });

  test('as skip leaves it, and the rest goes on', async ({ expect }) => {
    const { world, now, boots, tell } = await begun(2, {}, { ecs: losing });
    await world.settle();
    expect(statusOf(await now())).toBe('halted');
    await tell({ kind: 'resolve', as: 'skip', instanceIds: ['i-0'] });
    await tell({ kind: 'resume' });
    await world.settle();
    expect(boots()).toEqual([0, 1]);
    expect((await now()).instances[0]!.restart).toMatchObject({ kind: 'dropped', why: 'skipped' });
  });

  test('is refused for what is neither failed nor unknown', async ({ expect }) => {
    const { now } = await begun(1);
    const resolve = { kind: 'resolve', as: 'retry', instanceIds: ['i-0'] } as const;
    expect(refusalOf(await now(), resolve)).toContain('"i-0"');
    expect(refusalOf(await now(), { ...resolve, instanceIds: ['i-9'] })).toContain(
      'is not one of its instances',
    );
  });
});

test('a group in ECS is never taken below its limit, whoever took the others down', async ({
  expect,
}) => {
  const tags = { service: 'db' };
  const world = aWorld(
    [
      { instanceId: 'i-0', tags },
      { instanceId: 'i-1', tags },
      { instanceId: 'i-down', tags, status: 'Stopped' },
      { instanceId: 'i-other', tags },
    ],
    {},
  );
  const { rolloutId } = rolloutIn(
    await world.ask({
      ...WAVES,
      instanceIds: ['i-0', 'i-1'],
      ramp: 'none',
      maxUnavailable: '25%',
      groupBy: 'service',
    }),
  );
  await world.settle(600_000);
  expect(await world.rollout(rolloutId)).toMatchObject({ waitingFor: 'group' });
  expect(world.ecs.look('i-0').boots + world.ecs.look('i-1').boots).toBe(0);
  world.ecs.change('i-down', { status: 'Running' });
  await world.settle();
  expect(world.ecs.look('i-0').boots + world.ecs.look('i-1').boots).toBe(2);
});
