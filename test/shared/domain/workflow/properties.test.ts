import fc from 'fast-check';
import { describe, test } from 'vitest';
import type { Command } from '../../../../shared/domain/model/command.ts';
import { LatchkeyError } from '../../../../shared/domain/model/errors.ts';
import type {
  CallResult,
  GroupState,
  Moment,
  RolloutEvent,
} from '../../../../shared/domain/model/events.ts';
import type { InstanceStatus } from '../../../../shared/domain/model/instance.ts';
import { makePlan } from '../../../../shared/domain/plan/plan.ts';
import type { Rollout, RolloutInstance } from '../../../../shared/domain/model/rollout.ts';
import { step } from '../../../../shared/domain/workflow/step.ts';
import { chooseWave, limitOf, rampSize } from '../../../../shared/domain/workflow/waves.ts';
import { DAYS, restartPermission } from '../../../../shared/domain/model/window.ts';
import { isOpenAt, TIME_ZONE } from '../../../../tools/simulate/world/opening-hours.ts';
import {
  anOrigin,
  aMoment,
  aRequest,
  aSnapshot,
  NO_WINDOW,
  NOW_MS,
  sha256,
} from '../../../models/builders.ts';

const IDS = ['i-0', 'i-1', 'i-2', 'i-3', 'i-4', 'i-5'];
const STATUSES: readonly InstanceStatus[] = [
  'Pending',
  'Starting',
  'Running',
  'Stopping',
  'Stopped',
];
const KEY_PAIR = { name: 'ops', fingerprint: 'fp' };

const status = fc.constantFrom(...STATUSES);
const someIds = fc.subarray(IDS);

/** A rollout as it was created: of some instances in some states, with some options. */
const fresh: fc.Arbitrary<Rollout> = fc
  .record({
    statuses: fc.array(status, { minLength: 1, maxLength: IDS.length }),
    bound: fc.array(fc.constantFrom(null, 'ops', 'old'), { minLength: 6, maxLength: 6 }),
    zones: fc.array(fc.constantFrom('a', 'b'), { minLength: 6, maxLength: 6 }),
    attach: fc.constantFrom('now' as const, 'wave' as const),
    maxUnavailable: fc.constantFrom('1', '2', '50%', '100%'),
    ramp: fc.constantFrom('doubling' as const, 'canary' as const, 'none' as const),
    groupBy: fc.constantFrom(null, 'service'),
    haltAfterFailures: fc.integer({ min: 1, max: 4 }),
    bakeSeconds: fc.constantFrom(0, 30),
    startStopped: fc.boolean(),
    restartAlreadyAttached: fc.boolean(),
    breakGlass: fc.constantFrom(null, null, 'outage'),
    optOuts: fc.array(fc.constantFrom(null, null, 'window', 'never'), {
      minLength: 6,
      maxLength: 6,
    }),
  })
  .map(({ statuses, bound, zones, optOuts, ...options }) => {
    const instanceIds = IDS.slice(0, statuses.length);
    const request = aRequest({ instanceIds, ...options });
    const snapshots = new Map(
      instanceIds.map((instanceId, index) => [
        instanceId,
        aSnapshot({
          instanceId,
          status: statuses[index]!,
          keyPairName: bound[index]!,
          zoneId: zones[index]!,
          tags: {
            service: index % 2 === 0 ? 'web' : 'api',
            ...(optOuts[index] === null ? {} : { 'latchkey:restart': optOuts[index]! }),
          },
        }),
      ]),
    );
    const known = {
      keyPair: KEY_PAIR,
      snapshots,
      memories: new Map(),
      optOut: { ...NO_WINDOW, hasWindow: true },
    };
    const moment = { nowMs: NOW_MS, ownerUntilMs: NOW_MS + 90_000 };
    const plan = makePlan(request, known, moment, sha256);
    return {
      rolloutId: 'ro-a',
      version: 1,
      origin: anOrigin(),
      request,
      keyPair: KEY_PAIR,
      planDigest: plan.digest,
      createdAtMs: NOW_MS,
      openedAtMs: NOW_MS,
      updatedAtMs: NOW_MS,
      phase: 'open' as const,
      control: { kind: 'going' as const },
      approval: null,
      forgiven: 0,
      wave: 0,
      waitingFor: '' as const,
      waitingUntilMs: null,
      held: false,
      ownerUntilMs: moment.ownerUntilMs,
      wakeAtMs: null,
      notices: [],
      outbox: [],
      instances: plan.instances,
      history: [],
    };
  });

const result: fc.Arbitrary<CallResult> = fc.oneof(
  fc.constant<CallResult>({ kind: 'not-begun' }),
  fc
    .constantFrom('timeout', 'throttled', 'unreachable', 'unavailable', 'refused')
    .map((code): CallResult => ({ kind: 'error', error: new LatchkeyError(code, 'Cannot call') })),
  fc
    .array(fc.constantFrom('done', 'failed', 'unknown'), { minLength: 6, maxLength: 6 })
    .map((kinds): CallResult => ({
      kind: 'answer',
      answer: {
        requestId: 'r',
        outcomes: IDS.map((instanceId, index) => {
          const kind = kinds[index]!;
          if (kind === 'done') return { instanceId, kind };
          return { instanceId, kind, code: 'Some', message: 'Some' };
        }) as never,
      },
    })),
);

const command: fc.Arbitrary<Command> = fc.oneof(
  fc.constantFrom<Command>({ kind: 'pause' }, { kind: 'resume' }, { kind: 'abort' }),
  fc
    .record({ as: fc.constantFrom('retry' as const, 'skip' as const), instanceIds: someIds })
    .map((fields): Command => ({ kind: 'resolve', ...fields })),
);

const snapshotsOf = (statuses: readonly InstanceStatus[], ids: readonly string[]) =>
  new Map(
    ids.map((instanceId, index) => [
      instanceId,
      aSnapshot({ instanceId, status: statuses[index]!, keyPairName: 'ops' }),
    ]),
  );
const sixStatuses = fc.array(status, { minLength: 6, maxLength: 6 });

type MadeAt = (nowMs: number) => RolloutEvent;
/** What may arrive: in any order, too late, twice, or not asked for at all. */
const event: fc.Arbitrary<MadeAt> = fc
  .oneof(
    fc
      .constantFrom<RolloutEvent>({ kind: 'wake' }, { kind: 'begin' }, { kind: 'released' })
      .map((one) => () => one),
    someIds.map((ids) => () => ({
      kind: 'held' as const,
      taken: new Map(ids.slice(0, 1).map((id) => [id, 'ro-b'])),
    })),
    fc.constant(() => ({ kind: 'held' as const, taken: new Map<string, string>() })),
    fc.tuple(someIds, result).map(([instanceIds, r]) => () => ({
      kind: 'attach-answered' as const,
      instanceIds,
      result: r,
    })),
    fc
      .tuple(someIds, result, fc.integer({ min: 1, max: 3 }), fc.constantFrom('reboot', 'start'))
      .map(([ids, r, attempt, how]) => () => ({
        kind: 'restart-answered' as const,
        how: how as 'reboot' | 'start',
        claims: ids.map((instanceId) => ({ instanceId, attempt })),
        result: r,
      })),
    fc.tuple(someIds, sixStatuses).map(([instanceIds, statuses]) => (nowMs: number) => ({
      kind: 'looked' as const,
      atMs: nowMs - 50,
      instanceIds,
      snapshots: snapshotsOf(statuses, instanceIds),
      memories: new Map(),
    })),
    fc
      .tuple(fc.constantFrom(null, 'go', 'go', 'wait', 'halt'), fc.boolean(), sixStatuses)
      .map(([answer, stopped, statuses]) => (nowMs: number) => ({
        kind: 'prepared' as const,
        atMs: nowMs - 50,
        instanceIds: IDS,
        snapshots: snapshotsOf(statuses, IDS),
        groups: new Map<string, GroupState>(
          ['web', 'api'].map((group) => [group, { total: 3, down: new Set() }]),
        ),
        stop: stopped ? { by: 'li', atMs: nowMs, reason: '' } : null,
        gate: answer === null ? null : { answer: answer as 'go' | 'wait' | 'halt', reason: '' },
      })),
    fc
      .array(fc.integer({ min: 0, max: 5 }))
      .map((indexes) => () => ({ kind: 'published' as const, indexes })),
    fc.constantFrom('halted' as const, 'ended' as const).map((kind) => (nowMs: number) => ({
      kind: 'announced' as const,
      notices: [{ kind, atMs: nowMs }],
    })),
    command.map((one) => (nowMs: number) => ({
      kind: 'command' as const,
      command: one,
      by: 'li',
      openedAtMs: nowMs,
    })),
  )
  .map((one): MadeAt => one);

const moves = fc.array(
  fc.record({
    event,
    passMs: fc.constantFrom(0, 1_000, 12_000, 61_000, 200_000),
    isOpen: fc.integer({ min: 0, max: 4 }).map((n) => n > 0),
    isRevoked: fc.integer({ min: 0, max: 40 }).map((n) => n === 0),
  }),
  { maxLength: 40 },
);

/** Every step of the walk, with what was before and what is after. */
function walk(
  start: Rollout,
  walked: typeof moves extends fc.Arbitrary<infer T> ? T : never,
  visit: (
    before: Rollout,
    made: ReturnType<typeof step>,
    given: RolloutEvent,
    moment: Moment,
  ) => void,
): void {
  let rollout = start;
  let nowMs = NOW_MS;
  for (const { event: make, passMs, isOpen, isRevoked } of walked) {
    nowMs += passMs;
    const moment = aMoment({
      nowMs,
      ownerUntilMs: nowMs + 150_000,
      hasWindow: true,
      schedule: isOpen
        ? { kind: 'open' }
        : { kind: 'closed', why: 'window', detail: '', untilMs: nowMs + 60_000 },
      revoked: isRevoked ? [{ ...KEY_PAIR, reason: 'it leaked' }] : [],
      subscribed: new Set(['halted', 'ended']),
    });
    const given = make(nowMs);
    // Nothing is attached before it is held.
    if (given.kind === 'attach-answered' && !rollout.held) continue;
    const made = step(rollout, given, moment);
    visit(rollout, made, given, moment);
    rollout = made.rollout;
  }
}

function isFinal({ attach }: RolloutInstance): boolean {
  return attach.kind === 'attached' || attach.kind === 'failed';
}

describe('whatever arrives, in whatever order, a step', () => {
  test('changes nothing that it was given, and is the same for the same', ({ expect }) => {
    fc.assert(
      fc.property(fresh, moves, (start, walked) => {
        walk(start, walked, (before, made, given, moment) => {
          const text = JSON.stringify(before);
          expect(step(before, given, moment)).toEqual(made);
          expect(JSON.stringify(before)).toBe(text);
        });
      }),
      { numRuns: 100 },
    );
  });

  test('asks for restarts with claims in the very rollout that is to be saved', ({ expect }) => {
    fc.assert(
      fc.property(fresh, moves, (start, walked) => {
        walk(start, walked, (before, { rollout, effects }) => {
          for (const effect of effects) {
            if (effect.kind !== 'restart') continue;
            for (const { instanceId, attempt } of effect.claims) {
              const index = before.instances.findIndex((one) => one.instanceId === instanceId);
              expect(rollout.instances[index]!.restart).toMatchObject({ kind: 'claimed', attempt });
              const was = before.instances[index]!.restart;
              expect(was).toMatchObject({ kind: 'due', attempt: attempt - 1 });
            }
          }
        });
      }),
      { numRuns: 200 },
    );
  });

  test('claims nothing that must not be restarted now', ({ expect }) => {
    fc.assert(
      fc.property(fresh, moves, (start, walked) => {
        walk(start, walked, (_before, { rollout, effects }, given, moment) => {
          if (!effects.some(({ kind }) => kind === 'restart')) return;
          expect(given.kind).toBe('prepared');
          if (given.kind !== 'prepared') return;
          expect(given.stop).toBeNull();
          expect(given.gate?.answer ?? 'go').toBe('go');
          const { instances, request } = rollout;
          const claimed = effects.flatMap((one) => (one.kind === 'restart' ? one.claims : []));
          const ofAll = claimed.map(({ instanceId }) =>
            instances.find((one) => one.instanceId === instanceId),
          );
          const isOpen = moment.schedule.kind === 'open';
          expect(isOpen || request.breakGlass !== null).toBe(true);
          expect(isOpen || !ofAll.some((one) => one?.optOut === 'window')).toBe(true);
          expect(ofAll.some((one) => one?.optOut === 'never')).toBe(false);
          expect(moment.revoked).toEqual([]);
          expect(rollout.control.kind).toBe('going');
          const busy = instances.filter(
            ({ restart }) => restart.kind === 'claimed' || restart.kind === 'booting',
          );
          const total = instances.filter(({ restart }) => restart.kind !== 'none').length;
          expect(busy.length).toBeLessThanOrEqual(limitOf(request.maxUnavailable, total));
        });
      }),
      { numRuns: 300 },
    );
  });

  test('attaches and restarts nothing with a key pair that is revoked', ({ expect }) => {
    fc.assert(
      fc.property(fresh, moves, (start, walked) => {
        walk(start, walked, (_before, { rollout, effects }, _given, { revoked }) => {
          if (revoked.length === 0) return;
          const kinds = effects.map(({ kind }) => kind);
          expect(kinds).not.toContain('attach');
          expect(kinds).not.toContain('restart');
          if (rollout.phase !== 'open') return;
          const isLeft = ({ attach, restart }: RolloutInstance) =>
            restart.kind === 'due' || attach.kind === 'waiting';
          expect(rollout.instances.filter(isLeft)).toEqual([]);
        });
      }),
      { numRuns: 300 },
    );
  });

  test('tells of each halt and each end, and is not done before it is told', ({ expect }) => {
    fc.assert(
      fc.property(fresh, moves, (start, walked) => {
        walk(start, walked, (before, { rollout, effects }, _given, { nowMs }) => {
          const told = (kind: string) =>
            effects.some(
              (one) =>
                one.kind === 'announce' &&
                one.notices.some((notice) => notice.kind === kind && notice.atMs === nowMs) &&
                // Told again, until the queue has it.
                !before.notices.some((notice) => notice.kind === kind && notice.atMs === nowMs),
            );
          const isHalted = (one: Rollout) => one.control.kind === 'halted';
          if (isHalted(rollout) && !isHalted(before)) expect(told('halted')).toBe(true);
          const ends = before.phase === 'open' && rollout.phase === 'closing';
          expect(told('ended')).toBe(ends);
          if (rollout.phase === 'done') expect(rollout.notices).toEqual([]);
          const moments = rollout.notices.map(({ kind, atMs }) => `${kind} ${atMs}`);
          expect(new Set(moments).size).toBe(moments.length);
        });
      }),
      { numRuns: 300 },
    );
  });

  test('never takes an outcome back, and forgets nothing of the history', ({ expect }) => {
    fc.assert(
      fc.property(fresh, moves, (start, walked) => {
        walk(start, walked, (before, { rollout }) => {
          for (const [index, was] of before.instances.entries()) {
            if (isFinal(was)) expect(rollout.instances[index]!.attach).toEqual(was.attach);
          }
          expect(rollout.history.slice(0, before.history.length)).toEqual(before.history);
          expect(rollout.history.map(({ seq }) => seq)).toEqual([...rollout.history.keys()]);
        });
      }),
      { numRuns: 200 },
    );
  });

  test('restarts again only what a person said to retry, or what certainly was not', ({
    expect,
  }) => {
    fc.assert(
      fc.property(fresh, moves, (start, walked) => {
        walk(start, walked, (before, { rollout }, given) => {
          for (const [index, { restart: was }] of before.instances.entries()) {
            const is = rollout.instances[index]!.restart;
            if (is.kind !== 'due' || was.kind === 'due') continue;
            if (was.kind === 'claimed') expect(given.kind).toBe('restart-answered');
            else expect(given).toMatchObject({ kind: 'command', command: { as: 'retry' } });
          }
        });
      }),
      { numRuns: 200 },
    );
  });
});

const dueIn = fc.record({
  zoneId: fc.constantFrom('a', 'b', 'c'),
  group: fc.constantFrom('', 'web', 'api'),
  kind: fc.constantFrom('due', 'due', 'due', 'ready', 'failed', 'booting'),
});

function inState(
  index: number,
  { zoneId, group, kind }: { zoneId: string; group: string; kind: string },
): RolloutInstance {
  const how = 'reboot' as const;
  const restarts: Record<string, RolloutInstance['restart']> = {
    due: { kind: 'due', how, attempt: 0, notBeforeMs: 0, isDown: false, reason: '' },
    ready: { kind: 'ready', how, attempt: 1, proof: 'accepted', atMs: NOW_MS, requestId: '' },
    failed: {
      kind: 'failed',
      how,
      attempt: 1,
      code: 'ReadyTimeout',
      message: '',
      requestId: '',
      runningAtMs: null,
    },
    booting: {
      kind: 'booting',
      how,
      attempt: 1,
      proof: 'accepted',
      sinceMs: NOW_MS,
      runningAtMs: null,
      lookedAtMs: NOW_MS,
      readAtMs: NOW_MS,
      requestId: '',
    },
  };
  return {
    instanceId: `i-${index}`,
    name: '',
    zoneId,
    group,
    target: null,
    wave: kind === 'due' ? 0 : 1,
    previousKeyPairName: null,
    missingSinceMs: null,
    isScalingMember: false,
    optOut: '',
    withheld: '',
    attach: { kind: 'attached', atMs: NOW_MS, requestId: '' },
    restart: restarts[kind]!,
  };
}

describe('a wave', () => {
  const states = fc.record({
    instances: fc
      .array(dueIn, { minLength: 1, maxLength: 30 })
      .map((all) => all.map((one, index) => inState(index, one))),
    maxUnavailable: fc.constantFrom('1', '3', '10%', '34%', '100%'),
    ramp: fc.constantFrom('doubling' as const, 'canary' as const, 'none' as const),
    groupBy: fc.constantFrom(null, 'service'),
    down: fc.integer({ min: 0, max: 3 }),
  });

  test('is never too large, and never in two zones', ({ expect }) => {
    fc.assert(
      fc.property(states, ({ instances, maxUnavailable, ramp, groupBy, down }) => {
        const wave = instances.some((one) => one.wave > 0) ? 1 : 0;
        const request = { maxUnavailable, ramp, bakeSeconds: 0, groupBy };
        const groups = new Map(
          ['web', 'api'].map((group) => [
            group,
            { total: 30, down: new Set(['x', 'y', 'z'].slice(0, down).map((id) => group + id)) },
          ]),
        );
        const state = { instances, request, wave, windowIsOpen: true };
        const choice = chooseWave(state, groups, NOW_MS + 1_000);
        if (choice.kind !== 'wave') return;
        const chosen = choice.indexes.map((index) => instances[index]!);
        const gone = instances.filter(
          ({ restart }) => restart.kind === 'booting' || restart.kind === 'failed',
        );
        expect(chosen.length).toBeGreaterThan(0);
        expect(chosen.every(({ restart }) => restart.kind === 'due')).toBe(true);
        expect(new Set(choice.indexes).size).toBe(chosen.length);
        expect(new Set(chosen.map(({ zoneId }) => zoneId)).size).toBe(1);
        expect(chosen.length).toBeLessThanOrEqual(rampSize(ramp, choice.wave));
        const limit = limitOf(maxUnavailable, instances.length);
        expect(chosen.length + gone.length).toBeLessThanOrEqual(limit);
        if (groupBy === null) return;
        for (const group of new Set(chosen.map((one) => one.group))) {
          if (group === '') continue;
          const isIn = (one: RolloutInstance) => one.group === group;
          const all = chosen.filter(isIn).length + gone.filter(isIn).length + down;
          expect(all).toBeLessThanOrEqual(limitOf(maxUnavailable, 30));
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test('comes first from the zone with the fewest', ({ expect }) => {
    fc.assert(
      fc.property(states, ({ instances, ramp }) => {
        const allDue = instances.map((one, index) => inState(index, { ...one, kind: 'due' }));
        const request = { maxUnavailable: '100%', ramp, bakeSeconds: 0, groupBy: null };
        const state = { instances: allDue, request, wave: 0, windowIsOpen: true };
        const choice = chooseWave(state, undefined, NOW_MS);
        if (choice.kind !== 'wave') throw new TypeError(`Cannot be: ${choice.kind}`);
        const sizeOf = (zoneId: string) => allDue.filter((one) => one.zoneId === zoneId).length;
        const zones = [...new Set(allDue.map(({ zoneId }) => zoneId))];
        const first = allDue[choice.indexes[0]!]!.zoneId;
        expect(sizeOf(first)).toBe(Math.min(...zones.map(sizeOf)));
      }),
      { numRuns: 500 },
    );
  });
});

test('a window is open when plain arithmetic says so', ({ expect }) => {
  const time = fc
    .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
    .map((parts) => parts.map((n) => String(n).padStart(2, '0')).join(':'));
  const window = fc.record({
    days: fc.subarray([...DAYS], { minLength: 1 }),
    start: time,
    end: time,
    timeZone: fc.constant(TIME_ZONE),
  });
  const minutes = fc.integer({ min: 0, max: 14 * 1_440 });
  const freeze = fc.tuple(minutes, minutes).map(([from, length]) => ({
    from: NOW_MS + from * 60_000,
    until: NOW_MS + (from + length + 1) * 60_000,
    reason: 'sale',
  }));
  const schedules = fc.record({ window, freezes: fc.array(freeze, { maxLength: 2 }) });
  fc.assert(
    fc.property(schedules, minutes, (schedule, later) => {
      const atMs = NOW_MS + later * 60_000;
      const { kind } = restartPermission(schedule, atMs);
      expect(kind).toBe(isOpenAt(schedule, atMs) ? 'open' : 'closed');
    }),
    { numRuns: 1_000 },
  );
});
