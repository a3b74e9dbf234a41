import { test } from 'vitest';
import { NO_SPOIL } from '../../../../local/cloud/kernel/faults.ts';
import { aCloud, ROOT } from '../a-cloud.ts';

const LAUNCH = { ImageId: 'aliyun_3_x64.vhd', InstanceType: 'ecs.g7.large' };
const STATE = 'ecs:Instance:StateChange';
const CALL = 'ecs:ActionTrail:ApiCall';

interface Data {
  readonly eventName: string;
  readonly errorCode?: string;
  readonly requestParameters: Record<string, unknown>;
  readonly responseElements?: Record<string, unknown>;
  readonly referencedResources: Record<string, string[]>;
  readonly userIdentity: Record<string, unknown>;
  readonly state: string;
}
type Cloud = ReturnType<typeof aCloud>;
const dataOf = (cloud: Cloud, type: string) =>
  cloud.events.filter((event) => event.type === type).map(({ data }) => data as Data);
const statesOf = (cloud: Cloud) => dataOf(cloud, STATE).map(({ state }) => state);

test('a launch is told of in the envelope of EventBridge', async ({ expect }) => {
  const cloud = aCloud();
  const { body } = await cloud.here('RunInstances', {
    ...LAUNCH,
    Amount: '2',
    Password: 'hunter2',
    'Tag.1.Key': 'team',
  });
  const ids = (body['InstanceIdSets'] as { InstanceIdSet: string[] }).InstanceIdSet;
  expect(cloud.events.find(({ type }) => type === CALL)).toEqual({
    id: body['RequestId'],
    source: 'acs.ecs',
    specversion: '1.0',
    type: CALL,
    datacontenttype: 'application/json;charset=utf-8',
    subject: `acs:ecs:cn-hangzhou:1000000000000000:instance/${ids[0]}`,
    time: '2026-11-24T02:53:01Z',
    aliyunaccountid: '1000000000000000',
    aliyunoriginalaccountid: '1000000000000000',
    aliyunpublishtime: '2026-11-24T02:53:01.000Z',
    aliyuneventbusname: 'default',
    aliyunregionid: 'cn-hangzhou',
    aliyunpublishaddr: '127.0.0.1',
    data: {
      acsRegion: 'cn-hangzhou',
      apiVersion: '2014-05-26',
      eventCategory: 'Management',
      eventId: body['RequestId'],
      eventName: 'RunInstances',
      eventRW: 'Write',
      eventSource: 'ecs-cn-hangzhou.aliyuncs.com',
      eventTime: '2026-11-24T02:53:01Z',
      eventType: 'ApiCall',
      eventVersion: '1',
      recipientAccountId: '1000000000000000',
      referencedResources: { 'ACS::ECS::Instance': ids, 'ACS::ECS::Image': [LAUNCH.ImageId] },
      requestId: body['RequestId'],
      requestParameters: {
        ...LAUNCH,
        RegionId: 'cn-hangzhou',
        Amount: 2,
        Password: '******',
        'Tag.1.Key': 'team',
      },
      responseElements: {
        RequestId: body['RequestId'],
        InstanceIdSets: { InstanceIdSet: ids },
      },
      serviceName: 'Ecs',
      sourceIpAddress: '127.0.0.1',
      userAgent: 'a-test',
      userIdentity: {
        type: 'root-account',
        principalId: '1000000000000000',
        userName: 'root',
        accountId: '1000000000000000',
        accessKeyId: ROOT.id,
        sessionContext: {
          attributes: { mfaAuthenticated: 'false', creationDate: '2026-11-24T02:53:01Z' },
        },
      },
    },
  });
});

test('a launch from the console is a ConsoleOperation', ({ expect }) => {
  const cloud = aCloud();
  const by = { kind: 'console', userName: 'shami' } as const;
  const { requestId, instanceIds } = cloud.ecs.launch({ by, parameters: LAUNCH });
  const type = 'ecs:ActionTrail:ConsoleOperation';
  expect(cloud.events.find((event) => event.type === type)).toMatchObject({
    id: requestId,
    data: {
      apiVersion: '*',
      eventType: 'ConsoleOperation',
      eventName: 'RunInstances',
      userAgent: 'ecs.console.aliyun.com',
      userIdentity: { type: 'ram-user', userName: 'shami' },
      referencedResources: { 'ACS::ECS::Instance': instanceIds },
    },
  });
  expect(() => cloud.ecs.launch({ by, parameters: { ...LAUNCH, Amount: '0' } })).toThrow(
    'InvalidParameter',
  );
  expect(dataOf(cloud, type).at(-1)?.errorCode).toBe('InvalidParameter');
});

test.for([
  [{ kind: 'root' }, { type: 'root-account', userName: 'root', principalId: '1000000000000000' }],
  [
    { kind: 'ram-user', userName: 'lin' },
    { type: 'ram-user', userName: 'lin' },
  ],
  [
    { kind: 'assumed-role', roleName: 'deployer', sessionName: 'ci-7' },
    { type: 'assumed-role', userName: 'deployer:ci-7' },
  ],
] as const)('a launch by %j says who launched', ([by, identity], { expect }) => {
  const cloud = aCloud();
  const { instanceIds } = cloud.ecs.launch({
    action: 'CreateInstance',
    by,
    parameters: LAUNCH,
  });
  expect(dataOf(cloud, CALL)).toMatchObject([
    {
      eventName: 'CreateInstance',
      userIdentity: identity,
      referencedResources: { 'ACS::ECS::Instance': instanceIds },
    },
  ]);
});

test('a launch template is told of, and is no excuse for what it would say', async ({ expect }) => {
  const cloud = aCloud();
  const template = { LaunchTemplateId: 'lt-bp1web', LaunchTemplateVersion: '3' };
  expect((await cloud.here('RunInstances', { ...LAUNCH, ...template })).status).toBe(200);
  expect(dataOf(cloud, CALL)[0]?.requestParameters).toMatchObject({
    LaunchTemplateId: 'lt-bp1web',
    LaunchTemplateVersion: 3,
  });
  const { body } = await cloud.here('RunInstances', template);
  expect(body).toMatchObject({ Code: 'MissingParameter' });
});

test('members of a scaling group are told of by Auto Scaling too, once they run', async ({
  expect,
}) => {
  const cloud = aCloud();
  const tag = { 'Tag.1.Key': 'acs:autoscaling:scalingGroupId', 'Tag.1.Value': 'asg-1' };
  const { body } = await cloud.here('RunInstances', { ...LAUNCH, ...tag, Amount: '2' });
  const { InstanceIdSet: ids } = body['InstanceIdSets'] as { InstanceIdSet: string[] };
  const type = 'ess:ScalingActivity:ScaleOutSuccess';
  cloud.clock.advance(2_500);
  expect(dataOf(cloud, type)).toEqual([]);
  cloud.clock.advance(60_000);
  expect(cloud.events.filter((event) => event.type === type)).toMatchObject([
    {
      source: 'acs.ess',
      subject: 'acs:ess:cn-hangzhou:1000000000000000:scalinggroup/asg-1',
      data: {
        scalingGroupId: 'asg-1',
        scalingActivityId: expect.stringMatching(/^asa-/),
        instanceIds: ids,
      },
    },
  ]);
  // Only Auto Scaling may set it, and only at a launch does it stand in for a group.
  const tagged = await cloud.here('TagResources', {
    ResourceType: 'instance',
    'ResourceId.1': ids[0]!,
    ...tag,
  });
  expect(tagged.body).toMatchObject({ Code: 'InvalidTagKey.Malformed' });
});

test('CreateInstance names its one instance', async ({ expect }) => {
  const cloud = aCloud();
  const { body } = await cloud.here('CreateInstance', LAUNCH);
  const id = String(body['InstanceId']);
  expect(dataOf(cloud, CALL)[0]).toMatchObject({
    responseElements: { InstanceId: id },
    referencedResources: { 'ACS::ECS::Instance': [id] },
  });
});

test('a call that fails is told of with its error, and one that nobody signed is not', async ({
  expect,
}) => {
  const cloud = aCloud();
  await cloud.call('RebootInstance', { InstanceId: 'i-none' });
  await cloud.here('RebootInstances', { 'InstanceId.1': 'i-none', Surprise: 'x' });
  await cloud.call('RebootInstance', {}, NO_SPOIL, { ...ROOT, secret: 'another' });
  await cloud.here('DescribeInstances');
  const trailed = dataOf(cloud, CALL);
  expect(trailed.map(({ eventName, errorCode }) => [eventName, errorCode])).toEqual([
    ['RebootInstance', 'InvalidInstanceId.NotFound'],
    ['RebootInstances', 'InvalidParameter'],
  ]);
  expect(trailed[0]).toMatchObject({
    errorMessage: 'The specified InstanceId does not exist.',
    referencedResources: { 'ACS::ECS::Instance': ['i-none'] },
  });
  expect(trailed[0]?.responseElements).toBeUndefined();
});

test('a batch that fails in part is no failed call', async ({ expect }) => {
  const cloud = aCloud();
  cloud.ecs.seed({ keyPairs: [{ name: 'ops' }] });
  await cloud.here('AttachKeyPair', { KeyPairName: 'ops', InstanceIds: '["i-none","i-x"]' });
  expect(dataOf(cloud, CALL)[0]).toMatchObject({
    eventName: 'AttachKeyPair',
    responseElements: { FailCount: '2' },
    referencedResources: { 'ACS::ECS::Instance': ['i-none', 'i-x'] },
  });
  expect(dataOf(cloud, CALL)[0]).not.toHaveProperty('errorCode');
});

test('a function acts in its role, in a session of its instance', async ({ expect }) => {
  const cloud = aCloud();
  const sts = cloud.kernel.account.issueSts('restart', 'instance-1', 'restart-role');
  const signer = {
    id: sts.accessKeyId,
    secret: sts.accessKeySecret,
    token: sts.securityToken,
  };
  await cloud.call('RebootInstance', { InstanceId: 'i-none' }, NO_SPOIL, signer);
  expect(dataOf(cloud, CALL)[0]?.userIdentity).toMatchObject({
    type: 'assumed-role',
    userName: 'restart-role:instance-1',
    principalId: expect.stringMatching(/^\d{18}:instance-1$/),
    accessKeyId: sts.accessKeyId,
  });
});

test('users and roles sign under their own names', async ({ expect }) => {
  const cloud = aCloud();
  const { account } = cloud.kernel;
  const user = account.issueAccessKey('lin');
  const role = account.assumeRole('deployer', 'ci-7');
  for (const { accessKeyId: id, accessKeySecret: secret, securityToken: token } of [user, role]) {
    const signer = { id, secret, ...(token !== undefined && { token }) };
    await cloud.call('RebootInstance', { InstanceId: 'i-none' }, NO_SPOIL, signer);
  }
  expect(dataOf(cloud, CALL).map(({ userIdentity }) => userIdentity)).toMatchObject([
    { type: 'ram-user', userName: 'lin', accessKeyId: user.accessKeyId },
    { type: 'assumed-role', userName: 'deployer:ci-7', accessKeyId: role.accessKeyId },
  ]);
});

test('what is secret is in no event', async ({ expect }) => {
  const cloud = aCloud();
  const { accessKeySecret, securityToken } = cloud.kernel.account.issueSts('restart', 'i');
  await cloud.here('CreateKeyPair', { KeyPairName: 'ops' });
  const told = JSON.stringify(cloud.events);
  for (const secret of ['PRIVATE KEY', 'Signature', accessKeySecret, securityToken, ROOT.secret]) {
    expect(told).not.toContain(secret);
  }
});

test('every change of status is told of, and Created only once', async ({ expect }) => {
  const cloud = aCloud();
  const { body } = await cloud.here('RunInstances', LAUNCH);
  const id = (body['InstanceIdSets'] as { InstanceIdSet: string[] }).InstanceIdSet[0]!;
  cloud.clock.advance(60_000);
  expect(statesOf(cloud)).toEqual(['Created', 'Starting', 'Running']);
  expect(dataOf(cloud, STATE)[0]).toEqual({
    resourceId: id,
    resourceType: 'ALIYUN::ECS::Instance',
    state: 'Created',
  });
  cloud.events.length = 0;
  await cloud.call('RebootInstance', { InstanceId: id });
  cloud.clock.advance(60_000);
  expect(statesOf(cloud)).toEqual(['Stopping', 'Starting', 'Running']);
  cloud.events.length = 0;
  await cloud.call('StopInstance', { InstanceId: id });
  cloud.clock.advance(60_000);
  await cloud.call('DeleteInstance', { InstanceId: id });
  expect(statesOf(cloud)).toEqual(['Stopping', 'Stopped', 'Deleted']);
});

test('every event has an id of its own', async ({ expect }) => {
  const cloud = aCloud();
  await cloud.here('RunInstances', { ...LAUNCH, Amount: '5' });
  cloud.clock.advance(60_000);
  expect(new Set(cloud.events.map(({ id }) => id)).size).toBe(16);
});
