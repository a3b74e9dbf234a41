import { describe, test } from 'vitest';
import type { InstanceMemory, Snapshot } from '../../../shared/domain/instance.ts';
import { makePlan, warningsOf } from '../../../shared/domain/plan.ts';
import type { RolloutRequest } from '../../../shared/domain/request.ts';
import { aRequest, aSnapshot, NOW_MS, sha256 } from '../../support/builders.ts';

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
) {
  const all = snapshots.map((one) => aSnapshot(one));
  return makePlan(
    aRequest({ instanceIds: all.map(({ instanceId }) => instanceId), ...over }),
    {
      keyPair,
      snapshots: new Map(all.map((snapshot) => [snapshot.instanceId, snapshot])),
      memories: new Map(memories.map((memory) => [memory.instanceId, memory])),
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
});

test('warnings count what goes off, what is replaced, and what nobody knows', ({ expect }) => {
  const plan = planOf([
    { instanceId: 'i-1', keyPairName: 'old' },
    { instanceId: 'i-2' },
    { instanceId: 'i-3', keyPairName: 'ops' },
  ]);
  expect(warningsOf(plan)).toEqual([
    'password login goes off on 2 instances',
    'key pair old is replaced on 1 instance',
    'nobody knows whether the key works on 1 instance bound to it already: "restartAlreadyAttached": true restarts them',
  ]);
});
