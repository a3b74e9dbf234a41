import { test } from 'vitest';
import { aCloud, repeated } from './a-cloud.ts';

interface Page {
  readonly TotalCount: number;
  readonly NextToken: string;
  readonly Instances: { readonly Instance: readonly { readonly InstanceId: string }[] };
}
type Cloud = ReturnType<typeof aCloud>;

async function describe(cloud: Cloud, parameters: Record<string, string> = {}) {
  const { body } = await cloud.here('DescribeInstances', parameters);
  const page = body as unknown as Page;
  return {
    ids: page.Instances.Instance.map(({ InstanceId }) => InstanceId),
    total: page.TotalCount,
    next: page.NextToken,
  };
}

function aFleet() {
  const cloud = aCloud();
  cloud.ecs.seed({
    keyPairs: [{ name: 'ops' }],
    instances: [
      {
        instanceId: 'i-1',
        name: 'web-1',
        zoneId: 'cn-hangzhou-h',
        tags: { team: 'web', env: 'a' },
      },
      { instanceId: 'i-2', name: 'web-2', zoneId: 'cn-hangzhou-i', tags: { team: 'web' } },
      { instanceId: 'i-3', name: 'db.1', status: 'Stopped', keyPairName: 'ops', vpcId: 'vpc-2' },
      { instanceId: 'i-4', name: 'x', osType: 'windows', resourceGroupId: 'rg-1' },
      { instanceId: 'i-5', name: 'y', locks: ['security'], ioOptimized: false, imageId: 'm-1' },
    ],
  });
  return cloud;
}

test('every filter narrows, and several narrow together', async ({ expect }) => {
  const cloud = aFleet();
  for (const [filter, ids] of [
    [{}, ['i-1', 'i-2', 'i-3', 'i-4', 'i-5']],
    [{ InstanceIds: '["i-3","i-none","i-1","i-1"]' }, ['i-1', 'i-3']],
    [{ InstanceIds: '[]' }, []],
    [{ Status: 'Stopped' }, ['i-3']],
    [{ KeyPairName: 'ops' }, ['i-3']],
    [{ InstanceName: 'web-*' }, ['i-1', 'i-2']],
    [{ InstanceName: 'db.1' }, ['i-3']],
    [{ InstanceName: 'db*x' }, []],
    [{ ZoneId: 'cn-hangzhou-i' }, ['i-2']],
    [{ VpcId: 'vpc-2' }, ['i-3']],
    [{ ResourceGroupId: 'rg-1' }, ['i-4']],
    [{ LockReason: 'security' }, ['i-5']],
    [{ IoOptimized: 'false' }, ['i-5']],
    [{ ImageId: 'm-1' }, ['i-5']],
    [{ 'Tag.1.Key': 'team' }, ['i-1', 'i-2']],
    [{ 'Tag.1.Key': 'team', 'Tag.1.Value': 'db' }, []],
    [{ 'Tag.1.Key': 'team', 'Tag.1.Value': 'web', 'Tag.2.Key': 'env' }, ['i-1']],
    [{ InstanceName: 'web-*', ZoneId: 'cn-hangzhou-h' }, ['i-1']],
    [{ ResourceGroupId: 'rg-1', 'Tag.1.Key': 'team' }, []],
  ] as const) {
    expect((await describe(cloud, filter)).ids, JSON.stringify(filter)).toEqual(ids);
  }
});

test.for([
  'InstanceIds',
  'InstanceName',
  'Status',
  'KeyPairName',
  'ZoneId',
  'VpcId',
  'ResourceGroupId',
  'LockReason',
])('an empty %s is no condition', async (name, { expect }) => {
  expect((await describe(aFleet(), { [name]: '' })).ids).toHaveLength(5);
});

test('a wildcard stands for any characters, and for nothing else', async ({ expect }) => {
  const cloud = aCloud();
  const names = ['web', 'web-1', 'web-11', 'Web-1', 'my-web-1', 'web*1', 'wexb'];
  cloud.ecs.seed({
    instances: names.map((name, index) => ({ instanceId: `i-${index}`, name })),
  });
  for (const [pattern, found] of [
    ['web*', ['web', 'web-1', 'web-11', 'web*1']],
    ['*web-1', ['web-1', 'my-web-1']],
    ['web*1', ['web-1', 'web-11', 'web*1']],
    ['web*1*1', ['web-11']],
    ['we.b', []],
    ['*', names],
  ] as const) {
    const { ids } = await describe(cloud, { InstanceName: pattern });
    expect(
      ids.map((id) => names[Number(id.slice(2))]),
      pattern,
    ).toEqual(found);
  }
});

test('a page has 10 instances unless MaxResults says more, and never over 100', async ({
  expect,
}) => {
  const cloud = aCloud();
  cloud.ecs.seed({ instances: [{ count: 130, name: 'web' }] });
  expect(await describe(cloud)).toMatchObject({ total: 130, ids: { length: 10 } });
  const many = JSON.stringify(Object.keys(cloud.ecs.state().instances).slice(0, 50));
  expect((await describe(cloud, { InstanceIds: many })).ids).toHaveLength(10);
  expect((await describe(cloud, { InstanceIds: many, MaxResults: '50' })).ids).toHaveLength(50);
  expect((await describe(cloud, { MaxResults: '3' })).ids).toHaveLength(10);
  // By token the total means nothing; here it is the size of the page.
  expect(await describe(cloud, { MaxResults: '500' })).toMatchObject({
    total: 100,
    ids: { length: 100 },
  });
});

test('the pages of a token show each instance once, whatever is released in between', async ({
  expect,
}) => {
  const cloud = aCloud();
  const { instanceIds } = cloud.ecs.seed({ instances: [{ count: 250, status: 'Stopped' }] });
  const seen: string[] = [];
  let next = '';
  do {
    const page = await describe(cloud, { MaxResults: '100', ...(next && { NextToken: next }) });
    seen.push(...page.ids);
    if (next === '') await cloud.call('DeleteInstance', { InstanceId: instanceIds[5]! });
    next = page.next;
  } while (next !== '');
  expect(seen).toEqual(instanceIds);
});

test('a last page that is full has no token', async ({ expect }) => {
  const cloud = aCloud();
  cloud.ecs.seed({ instances: [{ count: 20 }] });
  const first = await describe(cloud);
  const second = await describe(cloud, { NextToken: first.next });
  expect(second).toMatchObject({ next: '', total: 10, ids: { length: 10 } });
});

test('pages by number show the true total', async ({ expect }) => {
  const cloud = aCloud();
  cloud.ecs.seed({ instances: [{ count: 25 }] });
  expect(await describe(cloud, { PageNumber: '3' })).toMatchObject({
    total: 25,
    ids: { length: 5 },
  });
  expect(await describe(cloud, { PageSize: '20' })).toMatchObject({
    total: 25,
    ids: { length: 20 },
  });
});

test('a malformed condition is refused', async ({ expect }) => {
  const cloud = aFleet();
  const ids = JSON.stringify(Array.from({ length: 101 }, (_, index) => `i-${index}`));
  for (const [parameters, code] of [
    [{ InstanceIds: 'i-1' }, 'InvalidParameter'],
    [{ InstanceIds: ids }, 'InvalidParameter'],
    [{ Status: 'Asleep' }, 'InvalidStatus.NotFound'],
    [{ NextToken: 'x' }, 'InvalidParameter'],
    [{ PageSize: '101' }, 'InvalidParameter'],
    [{ DryRun: 'true' }, 'DryRunOperation'],
    [{ EipAddresses: '[]' }, 'InvalidParameter'],
  ] as const) {
    const { body } = await cloud.here('DescribeInstances', parameters);
    expect(body['Code'], JSON.stringify(parameters)).toBe(code);
  }
});

test('an instance is shown in full, and without a boot id', async ({ expect }) => {
  const cloud = aFleet();
  const { body } = await cloud.here('DescribeInstances', { InstanceIds: '["i-5"]' });
  const [instance] = (body as unknown as Page).Instances.Instance;
  expect(instance).toMatchObject({
    InstanceId: 'i-5',
    InstanceName: 'y',
    RegionId: 'cn-hangzhou',
    Status: 'Running',
    OSType: 'linux',
    IoOptimized: false,
    KeyPairName: '',
    CreationTime: '2026-11-24T02:53Z',
    StartTime: '2026-11-24T02:53Z',
    StoppedMode: 'Not-applicable',
    OperationLocks: { LockReason: [{ LockReason: 'security' }] },
    Tags: { Tag: [] },
  });
  expect(JSON.stringify(instance)).not.toMatch(/boot/i);
});

test('statuses come by page, 50 at most', async ({ expect }) => {
  const cloud = aFleet();
  const { body } = await cloud.here('DescribeInstanceStatus', {
    ...repeated('InstanceId', ['i-3', 'i-none']),
    PageSize: '50',
  });
  expect(body).toMatchObject({
    TotalCount: 1,
    PageNumber: 1,
    PageSize: 50,
    InstanceStatuses: { InstanceStatus: [{ InstanceId: 'i-3', Status: 'Stopped' }] },
  });
  const { body: tooMany } = await cloud.here('DescribeInstanceStatus', { PageSize: '51' });
  expect(tooMany['Code']).toBe('InvalidParameter');
});
