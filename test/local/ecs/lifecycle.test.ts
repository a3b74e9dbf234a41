import { test } from 'vitest';
import type { InstanceState } from '../../../local/cloud/ecs/index.ts';
import { aCloud, START_MS } from './a-cloud.ts';

const LAUNCH = {
  ImageId: 'aliyun_3_x64_20G_alibase_20240819.vhd',
  InstanceType: 'ecs.g7.large',
  VSwitchId: 'vsw-1',
};

type Cloud = ReturnType<typeof aCloud>;

function only(cloud: Cloud): InstanceState {
  return Object.values(cloud.ecs.state().instances)[0]!;
}

test('a launched instance is pending, starts, runs, and knows its key pair from its first boot', async ({
  expect,
}) => {
  const cloud = aCloud({ ecs: { pendingMs: 10, startingMs: 20 } });
  cloud.ecs.seed({ keyPairs: [{ name: 'ops-2026' }] });
  await cloud.here('RunInstances', { ...LAUNCH, KeyPairName: 'ops-2026' });
  expect(only(cloud)).toMatchObject({
    status: 'Pending',
    keyPairName: 'ops-2026',
    effectiveKeyPairName: null,
    bootId: null,
    boots: 0,
    startTime: '',
  });
  cloud.clock.advance(10);
  expect(only(cloud)).toMatchObject({
    status: 'Starting',
    effectiveKeyPairName: 'ops-2026',
    boots: 1,
    bootedAtMs: START_MS + 10,
    startTime: '2026-11-24T02:53Z',
  });
  cloud.clock.advance(19);
  expect(only(cloud).status).toBe('Starting');
  cloud.clock.advance(1);
  expect(only(cloud).status).toBe('Running');
  expect(cloud.clock.nextMs()).toBeUndefined();
});

test('a created instance ends stopped and was never booted', async ({ expect }) => {
  const cloud = aCloud();
  const { body } = await cloud.here('CreateInstance', LAUNCH);
  expect(only(cloud).status).toBe('Pending');
  cloud.clock.advance(60_000);
  expect(cloud.ecs.state().instances[String(body['InstanceId'])]).toMatchObject({
    status: 'Stopped',
    boots: 0,
  });
});

test('a reboot stops and starts, and is one boot with an id of its own', async ({ expect }) => {
  const cloud = aCloud({ ecs: { stoppingMs: 10, startingMs: 20 } });
  cloud.ecs.seed({
    keyPairs: [{ name: 'old' }, { name: 'new' }],
    instances: [{ instanceId: 'i-a', keyPairName: 'old' }],
  });
  await cloud.here('AttachKeyPair', { KeyPairName: 'new', InstanceIds: '["i-a"]' });
  const before = only(cloud);
  await cloud.call('RebootInstance', { InstanceId: 'i-a' });
  expect(only(cloud)).toEqual({ ...before, status: 'Stopping' });
  cloud.clock.advance(10);
  expect(only(cloud)).toMatchObject({
    status: 'Starting',
    effectiveKeyPairName: 'new',
    boots: 2,
    bootedAtMs: START_MS + 10,
  });
  expect(only(cloud).bootId).toMatch(/^[0-9a-f-]{36}$/);
  expect(only(cloud).bootId).not.toBe(before.bootId);
  cloud.clock.advance(20);
  expect(only(cloud)).toMatchObject({ status: 'Running', boots: 2 });
});

test('a stop and a start are one boot, and StartTime moves with it', async ({ expect }) => {
  const cloud = aCloud();
  cloud.ecs.seed({ instances: [{ instanceId: 'i-a' }] });
  await cloud.call('StopInstance', { InstanceId: 'i-a' });
  cloud.clock.advance(1_000);
  expect(only(cloud)).toMatchObject({ status: 'Stopped', boots: 1 });
  cloud.clock.advance(60_000);
  await cloud.call('StartInstance', { InstanceId: 'i-a' });
  expect(only(cloud)).toMatchObject({
    status: 'Starting',
    boots: 2,
    startTime: '2026-11-24T02:54Z',
  });
});

test('StartTime stays or moves on a reboot, as the settings say', async ({ expect }) => {
  for (const [startTimeMovesOnReboot, startTime] of [
    [false, '2026-11-24T02:53Z'],
    [true, '2026-11-24T02:54Z'],
  ] as const) {
    const cloud = aCloud({ ecs: { startTimeMovesOnReboot } });
    cloud.ecs.seed({ instances: [{ instanceId: 'i-a' }] });
    cloud.clock.advance(60_000);
    await cloud.call('RebootInstance', { InstanceId: 'i-a' });
    cloud.clock.advance(10_000);
    expect(only(cloud)).toMatchObject({ status: 'Running', boots: 2, startTime });
  }
});

test('an instance that is seeded in the middle of a change carries on', ({ expect }) => {
  for (const [status, end, boots] of [
    ['Pending', 'Running', 1],
    ['Starting', 'Running', 1],
    ['Stopping', 'Stopped', 1],
    ['Running', 'Running', 1],
    ['Stopped', 'Stopped', 0],
  ] as const) {
    const cloud = aCloud();
    cloud.ecs.seed({ instances: [{ status }] });
    expect(only(cloud).status).toBe(status);
    cloud.clock.advance(60_000);
    expect(only(cloud)).toMatchObject({ status: end, boots });
  }
});

test('nothing happens any more to an instance that was released in the middle', async ({
  expect,
}) => {
  const cloud = aCloud();
  cloud.ecs.seed({ instances: [{ instanceId: 'i-a' }] });
  await cloud.call('RebootInstance', { InstanceId: 'i-a' });
  await cloud.call('DeleteInstance', { InstanceId: 'i-a', Force: 'true' });
  expect(cloud.clock.nextMs()).toBeUndefined();
  expect(cloud.ecs.state().instances).toEqual({});
});

test('a protected or pending instance is not released', async ({ expect }) => {
  const cloud = aCloud();
  const { body } = await cloud.here('CreateInstance', { ...LAUNCH, DeletionProtection: 'true' });
  const { body: other } = await cloud.here('CreateInstance', LAUNCH);
  const release = async (InstanceId: unknown) =>
    cloud.call('DeleteInstance', { InstanceId: String(InstanceId), Force: 'true' });
  expect((await release(body['InstanceId'])).body['Code']).toBe(
    'InvalidOperation.DeletionProtection',
  );
  expect((await release(other['InstanceId'])).body['Code']).toBe('IncorrectInstanceStatus');
  cloud.clock.advance(60_000);
  expect((await release(other['InstanceId'])).status).toBe(200);
});

test('a launch of many numbers their names, and a repeated client token makes no more', async ({
  expect,
}) => {
  const cloud = aCloud();
  const many = {
    ...LAUNCH,
    Amount: '3',
    InstanceName: 'web',
    UniqueSuffix: 'true',
    ClientToken: 'once',
    'Tag.1.Key': 'team',
    'Tag.1.Value': 'web',
  };
  const first = await cloud.here('RunInstances', many);
  const second = await cloud.here('RunInstances', many);
  expect(second.body['InstanceIdSets']).toEqual(first.body['InstanceIdSets']);
  expect(Object.values(cloud.ecs.state().instances).map(({ name }) => name)).toEqual([
    'web001',
    'web002',
    'web003',
  ]);
  expect(only(cloud).tags).toEqual({ team: 'web' });
  const other = await cloud.here('RunInstances', { ...many, Amount: '2' });
  expect(other.body['Code']).toBe('IdempotentParameterMismatch');
});

test('a launch that cannot be makes nothing', async ({ expect }) => {
  const cloud = aCloud();
  cloud.ecs.seed({ keyPairs: [{ name: 'ops-2026' }] });
  for (const [change, code] of [
    [{ Amount: '101' }, 'InvalidParameter'],
    [{ Amount: '1', MinAmount: '2' }, 'InvalidParameter'],
    [{ KeyPairName: 'none' }, 'InvalidKeyPairName.NotFound'],
    [{ ImageId: 'win2022', KeyPairName: 'ops-2026' }, 'DependencyViolation.WindowsInstance'],
    [{ IoOptimized: 'yes' }, 'InvalidParameter'],
    [{ DryRun: 'true' }, 'DryRunOperation'],
    [{ 'Tag.1.Key': 'acs:x' }, 'InvalidTagKey.Malformed'],
    [{ AutoReleaseTime: '2026-11-25T00:00:00Z' }, 'InvalidParameter'],
    [{ ImageId: '' }, 'MissingParameter'],
  ] as const) {
    const { body } = await cloud.here('RunInstances', { ...LAUNCH, ...change });
    expect(body['Code']).toBe(code);
  }
  expect(cloud.ecs.state().instances).toEqual({});
});

test('an image of Windows makes a Windows instance, and IoOptimized=none an old one', async ({
  expect,
}) => {
  const cloud = aCloud();
  await cloud.here('RunInstances', { ...LAUNCH, ImageId: 'win2022_x.vhd', IoOptimized: 'none' });
  expect(only(cloud)).toMatchObject({ osType: 'windows', ioOptimized: false });
});
