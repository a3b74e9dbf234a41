import fc from 'fast-check';
import { test } from 'vitest';
import type { Snapshot } from '../../../../shared/domain/model/instance.ts';
import { eachCondition, type Selector } from '../../../../shared/domain/model/selector.ts';
import { isSelected, resolveTargets } from '../../../../shared/domain/plan/targets.ts';
import { aRequest, aSelector, aSnapshot } from '../../../models/builders.ts';

function aFleet(count: number): Snapshot[] {
  return Array.from({ length: count }, (_, index) => aSnapshot({ instanceId: `i-${index}` }));
}

/** An ECS that answers every selector with the same. */
function answering(snapshots: readonly Snapshot[], more = false) {
  const asked: [Selector, number][] = [];
  return {
    asked,
    selectInstances: async (selector: Selector, atMost: number) => {
      asked.push([selector, atMost]);
      return { snapshots, more };
    },
  };
}

test('a request that names its instances is left alone, without a call', async ({ expect }) => {
  const ecs = answering([]);
  const request = aRequest({ instanceIds: ['i-b', 'i-a'] });
  expect(await resolveTargets(request, ecs)).toEqual({ request, snapshots: undefined });
  expect(ecs.asked).toEqual([]);
});

test('what is selected comes in the order of its ids, with what was told of it', async ({
  expect,
}) => {
  const snapshots = ['i-b', 'i-c', 'i-a'].map((instanceId) => aSnapshot({ instanceId }));
  const ecs = answering(snapshots);
  const selector = aSelector({ tags: { team: 'web' } });
  const targets = await resolveTargets(aRequest({ instanceIds: [], selector }), ecs);
  expect(targets.request).toEqual(aRequest({ instanceIds: ['i-a', 'i-b', 'i-c'], selector }));
  expect([...targets.snapshots!.values()]).toEqual(snapshots);
  expect(ecs.asked).toEqual([[selector, 1_000]]);
});

test.for<[string, Snapshot[], boolean, string]>([
  ['nothing', [], false, 'selects no instance that Latchkey may see'],
  ['1,001', aFleet(1_001), false, 'may select more than 1000 instances, the most of one rollout'],
  ['unknown', aFleet(1), true, 'may select more than 1000 instances, the most of one rollout'],
])('a selector of %s is not valid', async ([, snapshots, more, detail], { expect }) => {
  const request = aRequest({ selector: aSelector({ zoneId: 'cn-hangzhou-h' }) });
  await expect(resolveTargets(request, answering(snapshots, more))).rejects.toMatchObject({
    code: 'not-valid',
    message: `Cannot begin a rollout: the selector ${detail}`,
    details: { faults: [{ path: ['selector'], detail }] },
  });
});

test('a rollout may have exactly 1,000 instances', async ({ expect }) => {
  const request = aRequest({ selector: aSelector({ zoneId: 'cn-hangzhou-h' }) });
  const targets = await resolveTargets(request, answering(aFleet(1_000)));
  expect(targets.request.instanceIds).toHaveLength(1_000);
});

const WEB = aSnapshot({
  name: 'web-1',
  zoneId: 'cn-hangzhou-h',
  vpcId: 'vpc-1',
  resourceGroupId: 'rg-1',
  keyPairName: 'ops-2025',
  tags: { team: 'web', stage: '' },
});

test.for<[Partial<Selector>, boolean]>([
  [{ tags: { team: 'web' } }, true],
  [{ tags: { team: 'we' } }, false],
  [{ tags: { team: 'Web' } }, false],
  [{ tags: { team: '' } }, false],
  [{ tags: { stage: '' } }, true],
  [{ tags: { other: '' } }, false],
  [{ tags: { toString: 'x' } }, false],
  [{ tags: { team: 'web', other: 'x' } }, false],
  [{ keyPairName: 'ops-2025' }, true],
  [{ keyPairName: 'ops-2026' }, false],
  [{ zoneId: 'cn-hangzhou-h' }, true],
  [{ zoneId: 'cn-hangzhou' }, false],
  [{ vpcId: 'vpc-1' }, true],
  [{ vpcId: 'vpc-2' }, false],
  [{ resourceGroupId: 'rg-1' }, true],
  [{ resourceGroupId: 'rg-2' }, false],
  [{ namePrefix: 'web-' }, true],
  [{ namePrefix: 'web-1' }, true],
  [{ namePrefix: 'eb' }, false],
  [{ namePrefix: 'w*' }, false],
  [{ namePrefix: 'web-', zoneId: 'cn-hangzhou-i' }, false],
  [{}, false],
])('%o is met: %s', ([selector, met], { expect }) => {
  expect(isSelected(aSelector(selector), WEB)).toBe(met);
});

test('each further condition selects no more than before', ({ expect }) => {
  const few = fc.constantFrom('a', 'ab', 'b', '');
  const orNull = fc.option(few, { nil: null });
  const fields = {
    ...eachCondition(() => orNull),
    tags: fc.dictionary(few, few, { maxKeys: 2 }),
  };
  const snapshot = fc
    .record({
      keyPairName: orNull,
      zoneId: few,
      vpcId: few,
      resourceGroupId: few,
      name: few,
      tags: fc.dictionary(few, few, { maxKeys: 2 }),
    })
    .map((over) => aSnapshot(over));
  fc.assert(
    fc.property(fc.record(fields), fc.record(fields), snapshot, (one, other, it) => {
      const both = {
        ...eachCondition((name) => one[name] ?? other[name]),
        tags: { ...other.tags, ...one.tags },
      };
      const isEmpty =
        Object.keys(one.tags).length === 0 &&
        Object.values(one).every((x) => x === null || x === one.tags);
      if (isSelected(both, it) && !isEmpty) expect(isSelected(one, it)).toBe(true);
    }),
  );
});
