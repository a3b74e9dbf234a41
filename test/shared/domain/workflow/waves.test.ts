import { plannedWaves } from '../../../../shared/domain/workflow/planned-waves.ts';
import { describe, test } from 'vitest';
import type { GroupState } from '../../../../shared/domain/model/events.ts';
import type { RestartState, RolloutInstance } from '../../../../shared/domain/model/rollout.ts';
import {
  budgetLeft,
  chooseWave,
  limitOf,
  rampSize,
  type WaveState,
} from '../../../../shared/domain/workflow/waves.ts';
import { NOW_MS } from '../../../models/builders.ts';

const DUE = {
  kind: 'due',
  how: 'reboot',
  attempt: 0,
  notBeforeMs: 0,
  isDown: false,
  reason: '',
} as const;
const READY = {
  kind: 'ready',
  how: 'reboot',
  attempt: 1,
  proof: 'accepted',
  atMs: NOW_MS - 5_000,
  requestId: '',
} as const;
const CLAIMED = {
  kind: 'claimed',
  how: 'reboot',
  attempt: 1,
  atMs: NOW_MS,
  untilMs: NOW_MS,
} as const;
const FAILED = {
  kind: 'failed',
  how: 'reboot',
  attempt: 1,
  code: 'X',
  message: '',
  requestId: '',
  runningAtMs: null,
} as const;

function anInstance(over: Partial<RolloutInstance> = {}): RolloutInstance {
  return {
    instanceId: 'i-a',
    name: '',
    zoneId: 'z',
    previousKeyPairName: null,
    group: '',
    target: null,
    wave: 0,
    missingSinceMs: null,
    isScalingMember: false,
    optOut: '',
    withheld: '',
    attach: { kind: 'attached', atMs: NOW_MS, requestId: '' },
    restart: DUE,
    ...over,
  };
}

type Request = Parameters<typeof plannedWaves>[0]['request'] &
  Parameters<typeof chooseWave>[0]['request'];

function aState(
  instances: readonly Partial<RolloutInstance>[],
  over: Partial<Request> & {
    readonly wave?: number;
    readonly windowIsOpen?: boolean;
  } = {},
): WaveState & { readonly request: Request } {
  const { wave = 0, windowIsOpen = true, ...request } = over;
  return {
    instances: instances.map((one, n) => anInstance({ instanceId: `i-${n}`, ...one })),
    request: {
      maxUnavailable: '100%',
      ramp: 'doubling',
      bakeSeconds: 0,
      groupBy: null,
      breakGlass: null,
      ...request,
    },
    wave,
    windowIsOpen,
  };
}

const many = (count: number, over: Partial<RolloutInstance> = {}) =>
  Array.from({ length: count }, () => over);
const choose = (state: WaveState, groups?: ReadonlyMap<string, GroupState>) =>
  chooseWave(state, groups, NOW_MS);

test.for([
  ['10%', 102, 10],
  ['10%', 9, 1],
  ['100%', 7, 7],
  ['5', 3, 5],
] as const)('%s of %i instances is %i', ([text, total, limit], { expect }) => {
  expect(limitOf(text, total)).toBe(limit);
});

describe('the next wave', () => {
  test('is one canary, then 2, 4, 8 …', ({ expect }) => {
    expect([1, 2, 3, 4].map((wave) => rampSize('doubling', wave))).toEqual([1, 2, 4, 8]);
    expect(choose(aState(many(9)))).toMatchObject({ kind: 'wave', wave: 1, indexes: [0] });
    const after = [{ wave: 1, restart: READY }, ...many(8)];
    expect(choose(aState(after, { wave: 1 }))).toMatchObject({ wave: 2, indexes: [1, 2] });
  });

  test('of ramp "canary" is all that may be, after the first', ({ expect }) => {
    const after = [{ wave: 1, restart: READY }, ...many(8)];
    const state = aState(after, { wave: 1, ramp: 'canary', maxUnavailable: '50%' });
    expect(choose(state)).toMatchObject({ wave: 2, indexes: [1, 2, 3, 4] });
  });

  test('waits for the one before to be over', ({ expect }) => {
    const state = aState([{ wave: 1, restart: CLAIMED }, ...many(3)], { wave: 1 });
    expect(choose(state)).toEqual({ kind: 'under-way' });
  });

  test('waits for the one before to have stayed ready', ({ expect }) => {
    const state = aState([{ wave: 1, restart: READY }, {}], { wave: 1, bakeSeconds: 60 });
    expect(choose(state)).toEqual({ kind: 'wait', why: 'bake', untilMs: NOW_MS + 55_000 });
  });

  test('comes from the zone with the fewest to restart', ({ expect }) => {
    const state = aState([...many(3, { zoneId: 'big' }), ...many(2, { zoneId: 'small' })]);
    expect(choose(state)).toMatchObject({ indexes: [3] });
  });

  test('has no room beside what failed and is not seen Running', ({ expect }) => {
    const failed = { wave: 1, restart: FAILED };
    const state = aState([failed, ...many(3)], { wave: 1, maxUnavailable: '1' });
    expect(choose(state)).toEqual({ kind: 'wait', why: 'budget' });
    const back = { wave: 1, restart: { ...FAILED, runningAtMs: NOW_MS } };
    expect(choose(aState([back, ...many(3)], { wave: 1, maxUnavailable: '1' }))).toMatchObject({
      kind: 'wave',
      indexes: [1],
    });
  });

  test('goes on with those of its own that were put off', ({ expect }) => {
    const state = aState([{ wave: 1, restart: { ...DUE, attempt: 1 } }, ...many(3)], { wave: 1 });
    expect(choose(state)).toMatchObject({ kind: 'wave', wave: 1, indexes: [0] });
  });

  test('takes those that are attached just before, too', ({ expect }) => {
    const waiting = { attach: { kind: 'waiting', reason: 'wave', untilMs: 0 } as const };
    expect(choose(aState([waiting]))).toMatchObject({ kind: 'wave', indexes: [0] });
    const throttled = { attach: { kind: 'waiting', reason: 'throttled', untilMs: 0 } as const };
    expect(choose(aState([throttled]))).toEqual({ kind: 'nobody' });
  });
});

test('one that is down since an earlier attempt counts, and costs nothing to retry', ({
  expect,
}) => {
  const retry = { wave: 1, restart: { ...DUE, attempt: 1, isDown: true } };
  const state = aState([retry, ...many(2)], { wave: 1, maxUnavailable: '1' });
  expect(budgetLeft(state)).toBe(0);
  expect(choose(state)).toMatchObject({ kind: 'wave', indexes: [0] });
  const later = { wave: 1, restart: { ...retry.restart, notBeforeMs: NOW_MS + 1 } };
  expect(choose(aState([later, ...many(2)], { wave: 1, maxUnavailable: '1' }))).toEqual({
    kind: 'under-way',
  });
});

describe('groups', () => {
  const groupOf = (total: number, down: readonly string[] = []): GroupState => ({
    total,
    down: new Set(down),
  });
  const state = aState([...many(3, { group: 'a' }), ...many(2, { group: 'b' })], {
    groupBy: 'service',
    maxUnavailable: '50%',
    ramp: 'none',
  });

  test('bound what a wave takes of each, counting whoever else is down', ({ expect }) => {
    const groups = new Map([
      ['a', groupOf(4, ['i-foreign'])],
      ['b', groupOf(4)],
    ]);
    expect(choose(state, groups)).toMatchObject({ indexes: [0, 3] });
  });

  test('that ECS shows no member of let one go after the other', ({ expect }) => {
    expect(choose(state, new Map())).toMatchObject({ indexes: [0, 3] });
  });

  test('do not keep one back that is down anyway', ({ expect }) => {
    const groups = new Map([['a', groupOf(2, ['i-0'])]]);
    expect(choose(state, groups)).toMatchObject({ indexes: [0, 3] });
  });
});

test('restarts under way count against the budget, whatever became of them', ({ expect }) => {
  const restarts: RestartState[] = [CLAIMED, FAILED, READY, DUE, { ...FAILED, how: 'start' }];
  const state = aState(restarts.map((restart) => ({ restart })));
  expect(budgetLeft(state)).toBe(3);
});

test.for([
  [{ ramp: 'doubling', maxUnavailable: '100%' }, 7],
  [{ ramp: 'doubling', maxUnavailable: '10' }, 13],
  [{ ramp: 'canary', maxUnavailable: '100%' }, 2],
  [{ ramp: 'none', maxUnavailable: '100%' }, 1],
] as const)('100 instances take %o in %i waves', ([over, waves], { expect }) => {
  expect(plannedWaves(aState(many(100), over))).toHaveLength(waves);
});

describe('what waits for the window by its own tag, while the others break the glass', () => {
  const FOR_WINDOW = { optOut: 'window' } as const;

  test('is left out', ({ expect }) => {
    const state = aState([FOR_WINDOW, {}, FOR_WINDOW], { ramp: 'none', windowIsOpen: false });
    expect(choose(state)).toMatchObject({ kind: 'wave', wave: 1, indexes: [1] });
  });

  test('holds nobody up, even when its wave has begun', ({ expect }) => {
    const begun = [{ ...FOR_WINDOW, wave: 1 }, { wave: 1, restart: READY }, {}];
    const closed = aState(begun, { wave: 1, windowIsOpen: false });
    expect(choose(closed)).toMatchObject({ kind: 'wave', wave: 2, indexes: [2] });
    const open = aState(begun, { wave: 1 });
    expect(choose(open)).toMatchObject({ kind: 'wave', wave: 1, indexes: [0] });
  });

  test('is what the rollout waits for when nobody else is left', ({ expect }) => {
    const state = aState([FOR_WINDOW, { wave: 1, restart: READY }], {
      wave: 1,
      windowIsOpen: false,
    });
    expect(choose(state)).toEqual({ kind: 'wait', why: 'window' });
  });

  test('has waves of its own to come', ({ expect }) => {
    const half = [...many(50, FOR_WINDOW), ...many(50)];
    expect(plannedWaves(aState(half, { ramp: 'none' }))).toHaveLength(1);
    expect(plannedWaves(aState(half, { ramp: 'none', breakGlass: 'outage' }))).toHaveLength(2);
  });
});
