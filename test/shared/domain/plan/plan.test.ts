import { describe, test } from 'vitest';
import type { InstanceMemory, Snapshot } from '../../../../shared/domain/model/instance.ts';
import type { OptOutRules } from '../../../../shared/domain/policy/opt-out.ts';
import { makePlan } from '../../../../shared/domain/plan/plan.ts';
import type { LaunchTerms, RolloutRequest } from '../../../../shared/domain/model/request.ts';
import {
  aLaunch,
  aRequest,
  aSnapshot,
  NO_WINDOW,
  NOW_MS,
  sha256,
} from '../../../models/builders.ts';

const keyPair = { name: 'ops', fingerprint: 'fp' };

function aMemory(over: Partial<InstanceMemory> = {}): InstanceMemory {
  return {
    instanceId: 'i-a',
    holder: null,
    bound: null,
    readyAtMs: null,
    doubtAtMs: null,
    previousKeyPairName: null,
    notRunningAtMs: null,
    launch: null,
    ...over,
  };
}

function planOf(
  snapshots: readonly Partial<Snapshot>[],
  over: Partial<RolloutRequest> = {},
  memories: readonly InstanceMemory[] = [],
  optOut: OptOutRules = NO_WINDOW,
) {
  const all = snapshots.map((one) => aSnapshot(one));
  return makePlan(
    aRequest({ instanceIds: all.map(({ instanceId }) => instanceId), ...over }),
    {
      keyPair,
      snapshots: new Map(all.map((snapshot) => [snapshot.instanceId, snapshot])),
      memories: new Map(memories.map((memory) => [memory.instanceId, memory])),
      optOut,
    },
    { nowMs: NOW_MS, ownerUntilMs: NOW_MS + 90_000 },
    sha256,
  );
}

describe('a plan', () => {
  test.for([
    ['a Windows instance', { osType: 'windows' }, 'windows', ''],
    ['one without I/O optimization', { ioOptimized: false }, 'not-io-optimized', ''],
    ['a locked one', { locks: ['security', 'financial'] }, 'locked', 'security, financial'],
    ['one that is stopping', { status: 'Stopping' }, 'wrong-state', 'Stopping'],
    ['one that is bound already', { keyPairName: 'ops' }, 'already-attached', ''],
  ] as const)('skips %s', ([, snapshot, reason, detail], { expect }) => {
    const [instance] = planOf([snapshot as Partial<Snapshot>]).instances;
    expect(instance!.attach).toMatchObject({ kind: 'skipped', reason, detail });
    expect(instance!.restart).toEqual({ kind: 'none' });
  });

  test('skips one that does not exist, and tells whether it was known', ({ expect }) => {
    const bound = { ...keyPair, atMs: NOW_MS };
    const memories = [aMemory({ instanceId: 'i-gone', bound })];
    const plan = planOf([], { instanceIds: ['i-gone', 'i-never'] }, memories);
    expect(plan.instances.map(({ attach }) => attach)).toMatchObject([
      { reason: 'released' },
      { reason: 'not-found' },
    ]);
  });

  test('skips one that another rollout holds, and names it', ({ expect }) => {
    const [instance] = planOf([{}], {}, [aMemory({ holder: 'ro-other' })]).instances;
    expect(instance!.attach).toMatchObject({ reason: 'busy', detail: 'ro-other' });
  });

  test.for([
    ['Running', {}, 'reboot'],
    ['Running', { restart: 'never' }, undefined],
    ['Stopped', {}, undefined],
    ['Stopped', { startStopped: true }, 'start'],
    ['Stopped', { startStopped: true, restart: 'never' }, undefined],
  ] as const)('restarts a %s one asked with %o by %s', ([status, over, how], { expect }) => {
    const [instance] = planOf([{ status }], over).instances;
    expect(instance!.attach.kind).toBe('due');
    expect(instance!.restart).toMatchObject(how ? { kind: 'due', how } : { kind: 'none' });
  });

  test.for([
    ['nobody remembers', null, null, 'unknown', false],
    ['was bound by us and ready since', NOW_MS - 9, NOW_MS - 8, 'yes', false],
    ['was bound by us and not ready since', NOW_MS - 8, NOW_MS - 9, 'no', true],
    ['was bound by us and never ready', NOW_MS - 8, null, 'no', true],
  ] as const)('of one whose bound key %s', ([, boundMs, readyAtMs, effective, due], { expect }) => {
    const bound = boundMs === null ? null : { ...keyPair, atMs: boundMs };
    const memory = aMemory({ bound, readyAtMs });
    const [instance] = planOf([{ keyPairName: 'ops' }], {}, [memory]).instances;
    expect(instance!.attach).toMatchObject({ reason: 'already-attached', effective });
    expect(instance!.restart.kind).toBe(due ? 'due' : 'none');
  });

  test('takes a recreated key pair of the same name for another one', ({ expect }) => {
    const memory = aMemory({ bound: { name: 'ops', fingerprint: 'old', atMs: 1 }, readyAtMs: 2 });
    const [instance] = planOf([{ keyPairName: 'ops' }], {}, [memory]).instances;
    expect(instance!.attach).toMatchObject({ effective: 'unknown' });
  });
});

const SCALING = { 'acs:autoscaling:scalingGroupId': 'asg-1' };
const IN_WINDOW: OptOutRules = { ...NO_WINDOW, hasWindow: true };

describe('an instance whose owner opted out', () => {
  const tagged = (tags: Record<string, string>, over: Partial<RolloutRequest> = {}) =>
    planOf([{ tags }], over).instances[0]!;

  test.for(['never', 'always', ''])('of the attach by "%s" is skipped', (value, { expect }) => {
    const { attach, restart } = tagged({ 'latchkey:attach': value });
    const detail = `latchkey:attach=${value}`;
    expect(attach).toMatchObject({ kind: 'skipped', reason: 'opted-out', detail });
    expect(restart).toEqual({ kind: 'none' });
  });

  test('of the attach is listed as that, whatever else is against it', ({ expect }) => {
    const tags = { 'latchkey:attach': 'never', 'latchkey:restart': 'window' };
    const [instance] = planOf([{ tags, osType: 'windows', keyPairName: 'ops' }]).instances;
    expect(instance).toMatchObject({ attach: { reason: 'opted-out' }, optOut: 'window' });
  });

  test('has a long value clipped', ({ expect }) => {
    const { attach } = tagged({ 'latchkey:attach': 'x'.repeat(128) });
    expect(attach).toMatchObject({ detail: `latchkey:attach=${'x'.repeat(40)}` });
  });

  test.for(['never', 'Window', 'no', ''])(
    'of restarts by "%s" is attached, and not restarted',
    (value, { expect }) => {
      expect(tagged({ 'latchkey:restart': value })).toMatchObject({
        attach: { kind: 'due' },
        restart: { kind: 'none' },
        optOut: 'never',
        withheld: 'opted-out',
      });
    },
  );

  test('of restarts, asked for none, has nothing withheld', ({ expect }) => {
    const instance = tagged({ 'latchkey:restart': 'never' }, { restart: 'never' });
    expect(instance).toMatchObject({ optOut: 'never', withheld: '', restart: { kind: 'none' } });
  });

  test('of restarts, in a request for waves, is attached at once', ({ expect }) => {
    const instance = tagged({ 'latchkey:restart': 'never' }, { attach: 'wave' });
    expect(instance.attach.kind).toBe('due');
  });

  test('of restarts is not restarted for a key bound before, nor started', ({ expect }) => {
    const tags = { 'latchkey:restart': 'never' };
    const over = { restartAlreadyAttached: true, startStopped: true };
    const plan = planOf(
      [
        { instanceId: 'i-1', tags, keyPairName: 'ops' },
        { instanceId: 'i-2', tags, status: 'Stopped' },
      ],
      over,
    );
    for (const one of plan.instances) {
      expect(one).toMatchObject({ restart: { kind: 'none' }, withheld: 'opted-out' });
    }
  });

  test('of restarts is kept from one that it would not get anyway', ({ expect }) => {
    const tags = { 'latchkey:restart': 'never' };
    const [instance] = planOf([{ tags, keyPairName: 'ops' }]).instances;
    expect(instance).toMatchObject({ optOut: 'never', withheld: '' });
  });

  test.for([
    [{}, 'due', ''],
    [{ breakGlass: 'all down' }, 'none', 'not-approved'],
    [{ launch: aLaunch() }, 'none', 'not-approved'],
  ] as const)(
    'until somebody approves, asked with %o, is restarted or not: %s',
    ([over, kind, withheld], { expect }) => {
      const tags = { 'latchkey:restart': 'approve' };
      const [instance] = planOf([{ tags, createdAtMs: NOW_MS }], over).instances;
      expect(instance).toMatchObject({ optOut: 'approve', restart: { kind }, withheld });
    },
  );

  test('but for the window is restarted where there is one', ({ expect }) => {
    const tags = { 'latchkey:restart': 'window' };
    const [inside] = planOf([{ tags }], {}, [], IN_WINDOW).instances;
    expect(inside).toMatchObject({ optOut: 'window', withheld: '', restart: { kind: 'due' } });
    const [never] = planOf([{ tags }]).instances;
    expect(never).toMatchObject({ withheld: 'opted-out', restart: { kind: 'none' } });
  });

  test('by tags of other names, as the policy has them', ({ expect }) => {
    const optOut = { tags: { restart: 'team:boot', attach: 'team:key' }, hasWindow: false };
    const tags = { 'latchkey:restart': 'never', 'team:boot': 'never' };
    const [instance] = planOf([{ tags }], {}, [], optOut).instances;
    expect(instance).toMatchObject({ withheld: 'opted-out' });
    const [free] = planOf([{ tags: { 'latchkey:attach': 'never' } }], {}, [], optOut).instances;
    expect(free).toMatchObject({ attach: { kind: 'due' }, optOut: '' });
  });
});

describe('a launched instance', () => {
  const launched = (
    snapshot: Partial<Snapshot>,
    terms: Partial<LaunchTerms> = {},
    memories: readonly InstanceMemory[] = [],
  ) =>
    planOf([{ createdAtMs: NOW_MS - 60_000, ...snapshot }], { launch: aLaunch(terms) }, memories)
      .instances[0]!;

  test('is attached and restarted', ({ expect }) => {
    expect(launched({})).toMatchObject({ attach: { kind: 'due' }, restart: { kind: 'due' } });
  });

  test.for(['Running', 'Pending', 'Starting'] as const)(
    'that is %s keeps another key pair, unless the rule replaces it',
    (status, { expect }) => {
      const snapshot = { status, keyPairName: 'theirs' };
      const detail = 'theirs';
      expect(launched(snapshot)).toMatchObject({
        attach: { kind: 'skipped', reason: 'other-key-pair', detail },
        restart: { kind: 'none' },
      });
      expect(launched(snapshot, { replace: true }).attach.kind).not.toBe('skipped');
    },
  );

  test('with the key pair since launch has had it at its first boot', ({ expect }) => {
    expect(launched({ keyPairName: 'ops' })).toMatchObject({
      attach: { reason: 'already-attached', effective: 'yes' },
      restart: { kind: 'none' },
    });
  });

  test('that Latchkey bound already, and nobody restarted, is restarted', ({ expect }) => {
    const memory = aMemory({ bound: { ...keyPair, atMs: NOW_MS - 9 } });
    expect(launched({ keyPairName: 'ops' }, {}, [memory])).toMatchObject({
      attach: { reason: 'already-attached', effective: 'no' },
      restart: { kind: 'due' },
    });
  });

  test.for([
    ['a member of a scaling group', { tags: SCALING }, {}, 'scaling-member'],
    ['one, where the rule restarts them', { tags: SCALING }, { restartScalingMembers: true }, ''],
    [
      'an old one, even then',
      { tags: SCALING, createdAtMs: NOW_MS - 3_600_000 },
      { restartScalingMembers: true },
      'too-old',
    ],
    ['an old instance', { createdAtMs: NOW_MS - 3_600_000 }, {}, 'too-old'],
    ['one a moment younger', { createdAtMs: NOW_MS - 3_599_999 }, {}, ''],
    ['one of unknown age', { createdAtMs: null }, {}, 'too-old'],
    ['an opted-out member', { tags: { ...SCALING, 'latchkey:restart': 'never' } }, {}, 'opted-out'],
  ] as const)('is bound, and its restart judged: %s', ([, over, terms, withheld], { expect }) => {
    const instance = launched(over, terms);
    expect(instance).toMatchObject({
      attach: { kind: 'due' },
      restart: { kind: withheld === '' ? 'due' : 'none' },
      withheld,
    });
  });

  test('of a scaling group is restarted at any other door, and marked', ({ expect }) => {
    const [instance] = planOf([{ tags: SCALING }]).instances;
    expect(instance).toMatchObject({ isScalingMember: true, restart: { kind: 'due' } });
  });
});

describe('the digest of a plan', () => {
  test('stays when time passes and states change without changing what is done', ({ expect }) => {
    const one = planOf([{ name: 'a', zoneId: 'h' }]);
    const other = planOf([{ name: 'b', zoneId: 'i' }]);
    expect(other.digest).toBe(one.digest);
    expect(one.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  test.for([
    ['an action', [{ status: 'Stopped' }], {}],
    ['an option', [{}], { readyTimeoutSeconds: 60 }],
    ['an instance', [{ instanceId: 'i-b' }], {}],
  ] as const)('changes with %s', ([, snapshots, over], { expect }) => {
    expect(planOf(snapshots, over).digest).not.toBe(planOf([{}]).digest);
  });

  test('changes when a restart is withheld, and when it has to wait for the window', ({
    expect,
  }) => {
    const digests = ['', 'never', 'window'].map((value) => {
      const tags = value === '' ? {} : { 'latchkey:restart': value };
      return planOf([{ tags }], {}, [], IN_WINDOW).digest;
    });
    expect(new Set(digests).size).toBe(3);
  });

  test('stays when only the reason changes, or who has to approve', ({ expect }) => {
    const of = (snapshot: Partial<Snapshot>) =>
      planOf([{ createdAtMs: NOW_MS, ...snapshot }], { launch: aLaunch() }).digest;
    expect(of({ tags: { 'latchkey:restart': 'never' } })).toBe(of({ tags: SCALING }));
    const approved = planOf([{ tags: { 'latchkey:restart': 'approve' } }]).digest;
    expect(approved).toBe(planOf([{}]).digest);
  });
});
