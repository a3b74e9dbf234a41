import { test } from 'vitest';
import { NO_SPOIL } from '../../../local/cloud/kernel/faults.ts';
import type { SettingsChange } from '../../../local/cloud/kernel/settings.ts';
import { aCloud } from './a-cloud.ts';

/** One instance of every kind that attach tells apart, and two key pairs. */
function aMixedCloud(settings: SettingsChange = {}) {
  const cloud = aCloud(settings);
  cloud.ecs.seed({
    keyPairs: [{ name: 'ops-2025' }, { name: 'ops-2026' }],
    instances: [
      { instanceId: 'i-running', keyPairName: 'ops-2025' },
      { instanceId: 'i-stopped', status: 'Stopped' },
      { instanceId: 'i-windows', osType: 'windows' },
      { instanceId: 'i-old', ioOptimized: false },
      { instanceId: 'i-starting', status: 'Starting' },
      { instanceId: 'i-locked', locks: ['security'] },
    ],
  });
  const attach = (ids: unknown, spoil = NO_SPOIL, keyPair = 'ops-2026') => {
    const InstanceIds = typeof ids === 'string' ? ids : JSON.stringify(ids);
    return cloud.here('AttachKeyPair', { KeyPairName: keyPair, InstanceIds }, spoil);
  };
  const boundOf = (id: string) => cloud.ecs.state().instances[id]?.keyPairName;
  return { ...cloud, attach, boundOf };
}

test('each instance succeeds or fails for itself in an answer of status 200', async ({
  expect,
}) => {
  const cloud = aMixedCloud();
  const ids = ['i-running', 'i-windows', 'i-stopped', 'i-old', 'i-starting', 'i-locked', 'i-none'];
  const { status, body } = await cloud.attach(ids);
  expect(status).toBe(200);
  expect(body).toEqual({
    RequestId: expect.any(String),
    KeyPairName: 'ops-2026',
    TotalCount: '7',
    FailCount: '4',
    Results: {
      Result: [
        { InstanceId: 'i-running', Code: '200', Message: 'successful', Success: 'true' },
        {
          InstanceId: 'i-windows',
          Code: 'DependencyViolation.WindowsInstance',
          Message: 'The instance creating is windows, cannot use ssh key pair to login',
          Success: 'false',
        },
        { InstanceId: 'i-stopped', Code: '200', Message: 'successful', Success: 'true' },
        {
          InstanceId: 'i-old',
          Code: 'DependencyViolation.IoOptimize',
          Message: 'The specified parameter InstanceIds is not valid.',
          Success: 'false',
        },
        {
          InstanceId: 'i-starting',
          Code: 'IncorrectInstanceStatus',
          Message: 'The current status of the resource does not support this operation.',
          Success: 'false',
        },
        { InstanceId: 'i-locked', Code: '200', Message: 'successful', Success: 'true' },
        {
          InstanceId: 'i-none',
          Code: 'InvalidInstanceIds.ValueNotSupported',
          Message: 'The specified parameter InstanceIds is not valid.',
          Success: 'false',
        },
      ],
    },
  });
  expect(ids.map(cloud.boundOf)).toEqual([
    'ops-2026',
    null,
    'ops-2026',
    null,
    null,
    'ops-2026',
    undefined,
  ]);
});

test('the new key pair is bound at once and effective only after a boot', async ({ expect }) => {
  const cloud = aMixedCloud();
  await cloud.attach(['i-running']);
  expect(cloud.ecs.state().instances['i-running']).toMatchObject({
    keyPairName: 'ops-2026',
    effectiveKeyPairName: 'ops-2025',
  });
});

test('numbers and booleans come as such where the settings say so', async ({ expect }) => {
  const { body } = await aMixedCloud({ ecs: { answerTypes: 'json' } }).attach([
    'i-running',
    'i-old',
  ]);
  expect(body).toMatchObject({
    TotalCount: 2,
    FailCount: 1,
    Results: { Result: [{ Code: 200, Success: true }, { Success: false }] },
  });
});

test('what is wrong with the request refuses all of it', async ({ expect }) => {
  const cloud = aMixedCloud();
  const many = Array.from({ length: 51 }, (_, index) => `i-${index}`);
  for (const [ids, status, code] of [
    [many, 403, 'InstanceKeyPairLimitExceeded'],
    ['i-running', 400, 'InvalidInstanceIds.ValueNotSupported'],
    ['["i-running"', 400, 'InvalidInstanceIds.ValueNotSupported'],
    [[1], 400, 'InvalidInstanceIds.ValueNotSupported'],
    [[], 400, 'InvalidInstanceIds.ValueNotSupported'],
    ['', 400, 'MissingParameter'],
  ] as const) {
    const answer = await cloud.attach(ids);
    expect([answer.status, answer.body['Code']]).toEqual([status, code]);
  }
  const answer = await cloud.attach(['i-running'], NO_SPOIL, 'ops-1999');
  expect([answer.status, answer.body['Code']]).toEqual([400, 'InvalidKeyPairName.NotFound']);
  expect(cloud.boundOf('i-running')).toBe('ops-2025');
  expect((await cloud.attach(many.slice(0, 50))).status).toBe(200);
});

test('an unknown id refuses all of it where the settings say so', async ({ expect }) => {
  const cloud = aMixedCloud({ ecs: { attachUnknownId: 'request' } });
  const { status, body } = await cloud.attach(['i-running', 'i-none']);
  expect([status, body['Code']]).toEqual([400, 'InvalidInstanceIds.ValueNotSupported']);
  expect(cloud.boundOf('i-running')).toBe('ops-2025');
});

test('the same key pair again is a success, and an id given twice counts once', async ({
  expect,
}) => {
  const cloud = aMixedCloud();
  await cloud.attach(['i-running']);
  const { body } = await cloud.attach(['i-running', 'i-running']);
  expect(body).toMatchObject({ TotalCount: '1', FailCount: '0' });
});

test('one left out of the answer is bound, and one that is made to fail is not', async ({
  expect,
}) => {
  const cloud = aMixedCloud();
  const { body } = await cloud.attach(['i-running', 'i-stopped', 'i-locked'], {
    leaveOut: new Set(['i-running']),
    fail: new Map([['i-stopped', { code: 'InternalError', message: 'ordered' }]]),
  });
  expect(body).toMatchObject({
    TotalCount: '3',
    FailCount: '1',
    Results: {
      Result: [
        { InstanceId: 'i-stopped', Code: 'InternalError', Message: 'ordered', Success: 'false' },
        { InstanceId: 'i-locked', Success: 'true' },
      ],
    },
  });
  expect(cloud.boundOf('i-running')).toBe('ops-2026');
  expect(cloud.boundOf('i-stopped')).toBeNull();
});

test('detach takes only the key pair that it names, and logs in the old one until a boot', async ({
  expect,
}) => {
  const cloud = aMixedCloud();
  const InstanceIds = JSON.stringify(['i-running', 'i-stopped']);
  const { body } = await cloud.here('DetachKeyPair', { KeyPairName: 'ops-2025', InstanceIds });
  expect(body).toMatchObject({
    TotalCount: '2',
    FailCount: '1',
    Results: {
      Result: [{ Success: 'true' }, { Code: 'InvalidInstanceIds.ValueNotSupported' }],
    },
  });
  expect(cloud.ecs.state().instances['i-running']).toMatchObject({
    keyPairName: null,
    effectiveKeyPairName: 'ops-2025',
  });
});
