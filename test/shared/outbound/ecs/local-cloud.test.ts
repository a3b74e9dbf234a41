import { onTestFinished, test } from 'vitest';
import { createEcs } from '../../../../local/cloud/ecs/index.ts';
import { virtualClock } from '../../../../local/cloud/kernel/clock.ts';
import { createKernel } from '../../../../local/cloud/kernel/kernel.ts';
import { serve } from '../../../../local/cloud/kernel/serve.ts';
import { type SettingsChange, settingsWith } from '../../../../local/cloud/kernel/settings.ts';
import type { Selector } from '../../../../shared/domain/model/selector.ts';
import { aSelector } from '../../../models/builders.ts';
import { anEcs, NOW_MS } from './a-server.ts';

/** The adapter on the local ECS, over real HTTP, signed with STS credentials. */
async function aCloud(settings: SettingsChange = {}) {
  const clock = virtualClock(NOW_MS);
  const kernel = createKernel({ settings: settingsWith(settings), clock });
  const cloud = createEcs(kernel);
  cloud.seed({
    keyPairs: [{ name: 'ops-2025' }, { name: 'ops-2026' }],
    instances: [
      { instanceId: 'i-run', name: 'web-1', keyPairName: 'ops-2025', tags: { team: 'web' } },
      { instanceId: 'i-stop', status: 'Stopped' },
      { instanceId: 'i-win', osType: 'windows' },
      { instanceId: 'i-old', ioOptimized: false },
      { instanceId: 'i-lock', locks: ['security'] },
      { count: 60, name: 'bulk' },
    ],
  });
  const listening = await serve(kernel, cloud.service, 0);
  onTestFinished(() => listening.close());
  const sts = kernel.account.issueSts('latchkey-attach', 'c-1');
  const ecs = anEcs(`http://127.0.0.1:${listening.port}`, {
    credentials: () => Promise.resolve(sts),
    nowMs: () => clock.nowMs(),
  });
  return { clock, kernel, cloud, ecs };
}

test('instances are described as they are, and missing ones are missing', async ({ expect }) => {
  const { ecs } = await aCloud();
  const snapshots = await ecs.describeInstances([
    'i-run',
    'i-stop',
    'i-win',
    'i-old',
    'i-lock',
    'i-gone',
  ]);
  const byId = Object.fromEntries(snapshots.map((it) => [it.instanceId, it]));
  expect(Object.keys(byId).toSorted()).toEqual(['i-lock', 'i-old', 'i-run', 'i-stop', 'i-win']);
  expect(byId['i-run']).toMatchObject({
    name: 'web-1',
    status: 'Running',
    osType: 'linux',
    ioOptimized: true,
    keyPairName: 'ops-2025',
    locks: [],
    tags: { team: 'web' },
  });
  expect(byId['i-stop']).toMatchObject({ status: 'Stopped', keyPairName: null });
  expect(byId['i-win']).toMatchObject({ osType: 'windows' });
  expect(byId['i-old']).toMatchObject({ ioOptimized: false });
  expect(byId['i-lock']).toMatchObject({ locks: ['security'] });
});

test('more than ten come in one page', async ({ expect }) => {
  const { cloud, ecs, kernel } = await aCloud();
  const ids = Object.keys(cloud.state().instances);
  expect(await ecs.describeInstances(ids)).toHaveLength(65);
  expect(kernel.calls.of('ecs', 'DescribeInstances')).toBe(1);
});

test.for(['strings', 'json'] as const)(
  'attaching tells success and failure of each instance, with answers in %s',
  async (answerTypes, { expect }) => {
    const { cloud, ecs } = await aCloud({ ecs: { answerTypes } });
    const { outcomes } = await ecs.attachKeyPair('ops-2026', [
      'i-win',
      'i-run',
      'i-stop',
      'i-gone',
    ]);
    expect(outcomes.map(({ instanceId, kind }) => [instanceId, kind])).toEqual([
      ['i-win', 'failed'],
      ['i-run', 'done'],
      ['i-stop', 'done'],
      ['i-gone', 'failed'],
    ]);
    expect(cloud.state().instances['i-run']).toMatchObject({
      keyPairName: 'ops-2026',
      effectiveKeyPairName: 'ops-2025',
    });
  },
);

test('a group has every instance with one of the values, in all states and pages', async ({
  expect,
}) => {
  const { cloud, ecs, kernel } = await aCloud();
  cloud.seed({
    keyPairs: [],
    instances: [
      { count: 205, tags: { team: 'db' } },
      { instanceId: 'i-db-stop', status: 'Stopped', tags: { team: 'db', stage: 'old' } },
      { instanceId: 'i-none', tags: { team: '' } },
      { instanceId: 'i-other', tags: { stage: 'db' } },
    ],
  });
  const found = await ecs.describeGroup('team', ['db', 'web', 'nobody', 'db']);
  const ids = found.map(({ instanceId }) => instanceId);
  expect(new Set(ids).size).toBe(207);
  expect(ids).toHaveLength(207);
  expect(ids).toEqual(expect.arrayContaining(['i-run', 'i-db-stop']));
  expect(ids).not.toContain('i-other');
  // Three pages, one, and one: each value once.
  expect(kernel.calls.of('ecs', 'DescribeInstances')).toBe(5);
});

test('without a value there is no group, and an empty value is a value', async ({ expect }) => {
  const { cloud, ecs, kernel } = await aCloud();
  cloud.seed({ keyPairs: [], instances: [{ instanceId: 'i-none', tags: { team: '' } }] });
  expect(await ecs.describeGroup('team', [])).toEqual([]);
  expect(kernel.calls.of('ecs', 'DescribeInstances')).toBe(0);
  expect(await ecs.describeGroup('team', [''])).toMatchObject([{ instanceId: 'i-none' }]);
});

test('a group that may be larger than what ECS lists is refused', async ({ expect }) => {
  const { cloud, ecs } = await aCloud();
  cloud.seed({ keyPairs: [], instances: [{ count: 999, tags: { team: 'big' } }] });
  expect(await ecs.describeGroup('team', ['big'])).toHaveLength(999);
  cloud.seed({ keyPairs: [], instances: [{ count: 1, tags: { team: 'big' } }] });
  await expect(ecs.describeGroup('team', ['web', 'big'])).rejects.toMatchObject({
    code: 'refused',
    message:
      'Cannot describe group "team=big": it has 1000 instances or more, and ECS lists no more than that',
  });
});

test('a selector finds the instances that match all its conditions, in all states and pages', async ({
  expect,
}) => {
  const { cloud, ecs, kernel } = await aCloud();
  cloud.seed({
    instances: [
      { count: 230, name: 'shop', zones: ['cn-hangzhou-h', 'cn-hangzhou-i'], vpcId: 'vpc-shop' },
      { instanceId: 'i-rg', name: 'shop', status: 'Stopped', resourceGroupId: 'rg-1' },
      { instanceId: 'i-tag', name: 'Shop', tags: { team: 'web', stage: '' } },
      { instanceId: 'i-star', name: 'sh*p', tags: { stage: 'old' } },
    ],
  });
  const select = async (selector: Partial<Selector>) => {
    const before = kernel.calls.of('ecs', 'DescribeInstances');
    const { snapshots, more } = await ecs.selectInstances(aSelector(selector), 1_000);
    const calls = kernel.calls.of('ecs', 'DescribeInstances') - before;
    expect(more).toBe(false);
    return { ids: snapshots.map(({ instanceId }) => instanceId).toSorted(), calls };
  };
  const shop = await select({ namePrefix: 'shop' });
  expect(new Set(shop.ids).size).toBe(231);
  expect(shop).toMatchObject({ ids: { length: 231 }, calls: 3 });
  expect(await select({ vpcId: 'vpc-shop' })).toMatchObject({ ids: { length: 230 } });
  expect(await select({ vpcId: 'vpc-shop', zoneId: 'cn-hangzhou-i' })).toMatchObject({
    ids: { length: 115 },
  });
  expect(await select({ resourceGroupId: 'rg-1' })).toEqual({ ids: ['i-rg'], calls: 1 });
  expect(await select({ keyPairName: 'ops-2025' })).toEqual({ ids: ['i-run'], calls: 1 });
  expect(await select({ tags: { team: 'web' } })).toEqual({ ids: ['i-run', 'i-tag'], calls: 1 });
  expect(await select({ tags: { stage: '' } })).toEqual({ ids: ['i-tag'], calls: 1 });
  expect(await select({ tags: { team: 'web' }, keyPairName: 'ops-2025' })).toEqual({
    ids: ['i-run'],
    calls: 1,
  });
  // A prefix is plain text, not a pattern.
  expect(await select({ namePrefix: 'sh*' })).toEqual({ ids: ['i-star'], calls: 3 });
  expect((await select({ namePrefix: 'none' })).ids).toEqual([]);
});

test('an instance is described with VPC and resource group', async ({ expect }) => {
  const { cloud, ecs } = await aCloud();
  cloud.seed({ instances: [{ instanceId: 'i-x', vpcId: 'vpc-x', resourceGroupId: 'rg-x' }] });
  expect(await ecs.describeInstances(['i-x'])).toMatchObject([
    { vpcId: 'vpc-x', resourceGroupId: 'rg-x' },
  ]);
});

test('a selector stops reading above the limit', async ({ expect }) => {
  const { cloud, ecs, kernel } = await aCloud();
  cloud.seed({ instances: [{ count: 450, name: 'many' }] });
  const many = await ecs.selectInstances(aSelector({ namePrefix: 'many' }), 150);
  expect(many.more).toBe(true);
  expect(kernel.calls.of('ecs', 'DescribeInstances')).toBe(2);
  const exact = await ecs.selectInstances(aSelector({ namePrefix: 'many' }), 450);
  expect([exact.more, exact.snapshots.length]).toEqual([false, 450]);
});

test('a tag with as many instances as ECS lists may have more, when it is the only condition', async ({
  expect,
}) => {
  const { cloud, ecs, kernel } = await aCloud();
  cloud.seed({ instances: [{ count: 999, tags: { team: 'big' } }] });
  const big = aSelector({ tags: { team: 'big' } });
  expect(await ecs.selectInstances(big, 1_000)).toMatchObject({
    more: false,
    snapshots: { length: 999 },
  });
  cloud.seed({ instances: [{ count: 1, tags: { team: 'big' }, resourceGroupId: 'rg-1' }] });
  expect(await ecs.selectInstances(big, 1_000)).toMatchObject({ more: true });
  // Another condition gives another filter that finds all.
  const before = kernel.calls.of('ecs', 'DescribeInstances');
  const narrow = aSelector({ tags: { team: 'big' }, resourceGroupId: 'rg-1' });
  expect(await ecs.selectInstances(narrow, 1_000)).toMatchObject({
    more: false,
    snapshots: { length: 1 },
  });
  expect(kernel.calls.of('ecs', 'DescribeInstances') - before).toBe(11);
  const named = aSelector({ tags: { team: 'big' }, namePrefix: 'web-' });
  expect(await ecs.selectInstances(named, 1_000)).toEqual({ more: false, snapshots: [] });
});

test('a key pair is found with its fingerprint, or not at all', async ({ expect }) => {
  const { cloud, ecs } = await aCloud();
  const { fingerprint } = cloud.state().keyPairs['ops-2026']!;
  expect(await ecs.findKeyPair('ops-2026')).toEqual({ name: 'ops-2026', fingerprint });
  expect(await ecs.findKeyPair('ops-*')).toBeUndefined();
});

test('attaching a key pair that does not exist is refused as a whole', async ({ expect }) => {
  const { ecs } = await aCloud();
  await expect(ecs.attachKeyPair('none', ['i-run'])).rejects.toMatchObject({
    code: 'refused',
    details: { vendorCode: 'InvalidKeyPairName.NotFound' },
  });
});

test('one instance in the wrong state does not stop the others', async ({ expect }) => {
  const { clock, cloud, ecs } = await aCloud();
  const reboot = await ecs.rebootInstances(['i-stop', 'i-run']);
  const start = await ecs.startInstances(['i-stop', 'i-win']);
  expect([reboot, start].map(({ outcomes }) => outcomes.map(({ kind }) => kind))).toEqual([
    ['failed', 'done'],
    ['done', 'failed'],
  ]);
  clock.advance(10_000);
  const { instances } = cloud.state();
  expect([instances['i-run']?.boots, instances['i-stop']?.status]).toEqual([2, 'Running']);
});

test.for([
  ['reboot', 'RebootInstances'],
  ['start', 'StartInstances'],
] as const)(
  'a rehearsed %s restarts nothing, and tells what is not let',
  async ([how, action], { expect }) => {
    const { kernel, cloud, ecs } = await aCloud();
    const before = cloud.state().instances;
    await expect(ecs.rehearse(how)).resolves.toBeUndefined();
    expect(kernel.calls.of('ecs', action)).toBe(1);
    expect(cloud.state().instances).toEqual(before);
    kernel.faults.replace([
      {
        service: 'ecs',
        action,
        kind: 'error',
        status: 403,
        code: 'Forbidden.RAM',
        message: 'not authorized',
      },
    ]);
    await expect(ecs.rehearse(how)).rejects.toMatchObject({
      message: `Cannot ${action}: Forbidden.RAM: not authorized`,
    });
  },
);

test('an instance that is missing in the answer is unknown, even if its call was carried out', async ({
  expect,
}) => {
  const { kernel, cloud, ecs } = await aCloud();
  kernel.faults.replace([
    { service: 'ecs', action: 'AttachKeyPair', kind: 'leave-out', instanceIds: ['i-run'] },
  ]);
  expect((await ecs.attachKeyPair('ops-2026', ['i-run', 'i-stop'])).outcomes).toMatchObject([
    { instanceId: 'i-run', kind: 'unknown', code: 'NoAnswerForInstance' },
    { instanceId: 'i-stop', kind: 'done' },
  ]);
  expect(cloud.state().instances['i-run']?.keyPairName).toBe('ops-2026');
});

test('a reset after the effect is not sent again', async ({ expect }) => {
  const { kernel, ecs } = await aCloud();
  kernel.faults.replace([
    { service: 'ecs', action: 'RebootInstances', kind: 'reset', when: 'after' },
  ]);
  await expect(ecs.rebootInstances(['i-run'])).rejects.toMatchObject({ code: 'unavailable' });
  expect(kernel.calls.of('ecs', 'RebootInstances')).toBe(1);
});

test('throttled is until the next minute of the cloud', async ({ expect }) => {
  const { clock, kernel, ecs } = await aCloud();
  kernel.faults.replace([{ service: 'ecs', action: 'AttachKeyPair', kind: 'throttle' }]);
  const attach = () => ecs.attachKeyPair('ops-2026', ['i-run']);
  const retryAtMs = Date.UTC(2026, 10, 24, 12, 1, 0);
  const throttled = { code: 'throttled', details: { retryAtMs } };
  await expect(attach()).rejects.toMatchObject(throttled);
  clock.advance(retryAtMs - NOW_MS - 1);
  await expect(attach()).rejects.toMatchObject(throttled);
  clock.advance(1);
  expect((await attach()).outcomes).toMatchObject([{ kind: 'done' }]);
});
