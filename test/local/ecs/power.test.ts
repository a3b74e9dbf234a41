import { test } from 'vitest';
import { aCloud, repeated } from './a-cloud.ts';

function aMixedCloud() {
  const cloud = aCloud();
  cloud.ecs.seed({
    instances: [
      { instanceId: 'i-a' },
      { instanceId: 'i-b' },
      { instanceId: 'i-off', status: 'Stopped' },
      { instanceId: 'i-locked', locks: ['security'] },
      { instanceId: 'i-overdue', expired: true },
      { instanceId: 'i-off-overdue', status: 'Stopped', expired: true },
      { instanceId: 'i-sold', status: 'Stopped', stoppedMode: 'StopCharging', stock: false },
      { instanceId: 'i-kept', status: 'Stopped', stock: false },
    ],
  });
  const statusOf = (id: string) => cloud.ecs.state().instances[id]?.status;
  return { ...cloud, statusOf };
}

const success = (id: string, before: string, now: string) => ({
  InstanceId: id,
  Code: '200',
  Message: 'success',
  PreviousStatus: before,
  CurrentStatus: now,
});

test('together means that one instance that may not stops them all', async ({ expect }) => {
  const cloud = aMixedCloud();
  for (const [other, status, code] of [
    ['i-off', 403, 'IncorrectInstanceStatus'],
    ['i-locked', 403, 'InstanceLockedForSecurity'],
    ['i-overdue', 403, 'InstanceExpiredOrInArrears'],
    ['i-none', 404, 'InvalidInstanceIds.NotFound'],
  ] as const) {
    const { status: got, body } = await cloud.here(
      'RebootInstances',
      repeated('InstanceId', ['i-a', other]),
    );
    expect([got, body['Code']]).toEqual([status, code]);
  }
  expect(cloud.statusOf('i-a')).toBe('Running');
});

test('success first reboots each for itself', async ({ expect }) => {
  const cloud = aMixedCloud();
  const { status, body } = await cloud.here('RebootInstances', {
    ...repeated('InstanceId', ['i-a', 'i-off', 'i-none', 'i-b', 'i-a']),
    BatchOptimization: 'SuccessFirst',
  });
  expect(status).toBe(200);
  expect(body['InstanceResponses']).toEqual({
    InstanceResponse: [
      success('i-a', 'Running', 'Stopping'),
      {
        InstanceId: 'i-off',
        Code: 'IncorrectInstanceStatus',
        Message: 'The current status of the resource does not support this operation.',
        PreviousStatus: 'Stopped',
        CurrentStatus: 'Stopped',
      },
      {
        InstanceId: 'i-none',
        Code: 'InvalidInstanceId.NotFound',
        Message: 'The specified InstanceId does not exist.',
      },
      success('i-b', 'Running', 'Stopping'),
    ],
  });
  const again = await cloud.here('RebootInstances', {
    'InstanceId.1': 'i-a',
    BatchOptimization: 'SuccessFirst',
  });
  expect(again.body).toMatchObject({
    InstanceResponses: { InstanceResponse: [{ Code: 'IncorrectInstanceStatus' }] },
  });
});

test('a dry run changes nothing and answers with an error, whatever it found', async ({
  expect,
}) => {
  const cloud = aMixedCloud();
  const dry = (id: string, change: Record<string, string> = {}) =>
    cloud.here('RebootInstances', { 'InstanceId.1': id, DryRun: 'true', ...change });
  const together = await dry('i-a');
  expect([together.status, together.body['Code']]).toEqual([400, 'DRYRUN.SUCCESS']);
  expect((await dry('i-off')).body['Code']).toBe('IncorrectInstanceStatus');
  const first = await dry('i-off', { BatchOptimization: 'SuccessFirst' });
  expect(first.body['Code']).toBe('DRYRUN.SUCCESS');
  const one = await cloud.call('RebootInstance', { InstanceId: 'i-a', DryRun: 'true' });
  expect([one.status, one.body['Code']]).toEqual([400, 'DryRunOperation']);
  expect(cloud.statusOf('i-a')).toBe('Running');
});

test('none, more than 100 and malformed ids are refused', async ({ expect }) => {
  const cloud = aMixedCloud();
  const many = Array.from({ length: 101 }, (_, index) => `i-${index}`);
  const none = await cloud.here('StartInstances');
  expect([none.status, none.body['Code'], none.body['Message']]).toEqual([
    403,
    'InvalidInstanceId.NotFound',
    'InstanceId should not be null.',
  ]);
  const tooMany = await cloud.here('StartInstances', repeated('InstanceId', many));
  expect([tooMany.status, tooMany.body['Code']]).toEqual([
    403,
    'InvalidParameter.TooManyInstanceIds',
  ]);
  const odd = await cloud.here('StopInstances', { 'InstanceId.1': 'web-1' });
  expect([odd.status, odd.body['Code']]).toEqual([403, 'Abs.InvalidInstanceIds.MalFormed']);
  const mode = await cloud.here('StopInstances', { 'InstanceId.1': 'i-a', BatchOptimization: 'x' });
  expect(mode.body['Code']).toBe('InvalidParameter');
});

test('start needs a stopped instance that is paid for and in stock', async ({ expect }) => {
  const cloud = aMixedCloud();
  const start = (InstanceId: string) => cloud.call('StartInstance', { InstanceId });
  for (const [id, status, code] of [
    ['i-a', 403, 'IncorrectInstanceStatus'],
    ['i-off-overdue', 403, 'InstanceExpired'],
    ['i-sold', 403, 'OperationDenied.NoStock'],
    ['i-none', 404, 'InvalidInstanceId.NotFound'],
  ] as const) {
    const answer = await start(id);
    expect([answer.status, answer.body['Code']]).toEqual([status, code]);
  }
  expect(await start('i-off')).toEqual({ status: 200, body: { RequestId: expect.any(String) } });
  expect((await start('i-kept')).status).toBe(200);
  expect([cloud.statusOf('i-off'), cloud.statusOf('i-kept')]).toEqual(['Starting', 'Starting']);
});

test('an instance stopped in the economical mode says so until it starts', async ({ expect }) => {
  const cloud = aMixedCloud();
  const shown = async () => {
    const { body } = await cloud.here('DescribeInstances', { InstanceIds: '["i-a"]' });
    const { Instance } = body['Instances'] as { Instance: { StoppedMode: string }[] };
    return Instance[0]?.StoppedMode;
  };
  expect(await shown()).toBe('Not-applicable');
  const odd = await cloud.call('StopInstance', { InstanceId: 'i-a', StoppedMode: 'x' });
  expect(odd.body['Code']).toBe('InvalidParameter');
  await cloud.call('StopInstance', { InstanceId: 'i-a', StoppedMode: 'StopCharging' });
  cloud.clock.advance(1_000);
  expect(await shown()).toBe('StopCharging');
  await cloud.call('StartInstance', { InstanceId: 'i-a' });
  expect(await shown()).toBe('Not-applicable');
});

test('one left out of the answer reboots, and one that is made to fail does not', async ({
  expect,
}) => {
  const cloud = aMixedCloud();
  const spoil = {
    leaveOut: new Set(['i-a']),
    fail: new Map([['i-b', { code: 'InternalError', message: 'ordered' }]]),
  };
  const ids = repeated('InstanceId', ['i-a', 'i-b']);
  const { body } = await cloud.here(
    'RebootInstances',
    { ...ids, BatchOptimization: 'SuccessFirst' },
    spoil,
  );
  expect(body['InstanceResponses']).toEqual({
    InstanceResponse: [
      {
        InstanceId: 'i-b',
        Code: 'InternalError',
        Message: 'ordered',
        PreviousStatus: 'Running',
        CurrentStatus: 'Running',
      },
    ],
  });
  expect([cloud.statusOf('i-a'), cloud.statusOf('i-b')]).toEqual(['Stopping', 'Running']);
});

test('the code of a success is a number where the settings say so', async ({ expect }) => {
  const cloud = aCloud({ ecs: { answerTypes: 'json' } });
  cloud.ecs.seed({ instances: [{ instanceId: 'i-a' }] });
  const { body } = await cloud.here('RebootInstances', { 'InstanceId.1': 'i-a' });
  expect(body).toMatchObject({ InstanceResponses: { InstanceResponse: [{ Code: 200 }] } });
});

test('a released instance is gone, and a running one goes only by force', async ({ expect }) => {
  const cloud = aMixedCloud();
  const running = await cloud.call('DeleteInstance', { InstanceId: 'i-a' });
  expect(running.body['Code']).toBe('IncorrectInstanceStatus');
  const both = repeated('InstanceId', ['i-a', 'i-off']);
  expect((await cloud.here('DeleteInstances', both)).status).toBe(403);
  expect((await cloud.here('DeleteInstances', { ...both, Force: 'true' })).status).toBe(200);
  expect([cloud.statusOf('i-a'), cloud.statusOf('i-off')]).toEqual([undefined, undefined]);
  const again = await cloud.call('RebootInstance', { InstanceId: 'i-a' });
  expect([again.status, again.body['Code']]).toEqual([404, 'InvalidInstanceId.NotFound']);
});
