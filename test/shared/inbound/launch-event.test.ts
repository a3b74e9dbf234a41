import { test } from 'vitest';
import { type LaunchEvent, readLaunchEvent } from '../../../shared/inbound/launch-event.ts';

/** A launch in ActionTrail. */
function aRecord(change: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    eventId: 'AE3B631D',
    eventName: 'RunInstances',
    eventType: 'ApiCall',
    eventTime: '2026-11-18T11:06:40Z',
    acsRegion: 'cn-hangzhou',
    userIdentity: { type: 'ram-user', userName: 'alice', accountId: '1000000000000000' },
    responseElements: { InstanceIdSets: { InstanceIdSet: ['i-a', 'i-b'] } },
    ...change,
  };
}

function anEvent(record: unknown = aRecord(), change: Record<string, unknown> = {}) {
  return {
    id: 'AE3B631D',
    source: 'acs.ecs',
    specversion: '1.0',
    type: 'ecs:ActionTrail:ApiCall',
    time: '2026-11-18T11:06:40Z',
    aliyunregionid: 'cn-hangzhou',
    data: record,
    ...change,
  };
}

const LAUNCH: LaunchEvent = {
  kind: 'launch',
  source: 'action-trail',
  key: 'acs.ecs/AE3B631D',
  regionId: 'cn-hangzhou',
  accountId: '1000000000000000',
  instanceIds: ['i-a', 'i-b'],
  launchedBy: ['alice', '1000000000000000'],
  roleName: null,
  parameters: null,
  eventName: 'RunInstances',
  atMs: Date.UTC(2026, 10, 18, 11, 6, 40),
};

const read = (payload: unknown): LaunchEvent =>
  readLaunchEvent(Buffer.from(JSON.stringify(payload)));

test.for<[string, unknown]>([
  ['one object', anEvent()],
  ['an array of one', [anEvent()]],
  ['an array of one text', [JSON.stringify(anEvent())]],
  ['data that is a text', anEvent(JSON.stringify(aRecord()))],
  ['the record alone', aRecord()],
  ['a console launch', anEvent(aRecord({ eventType: 'ConsoleOperation', apiVersion: '*' }))],
  ['a record without its own type', anEvent(aRecord({ eventType: undefined }))],
])('a launch is read from %s', ([, payload], { expect }) => {
  expect(read(payload)).toEqual(LAUNCH);
});

test('ids from every place are united, without duplicates', ({ expect }) => {
  const record = aRecord({
    responseElements: { InstanceIdSets: { InstanceIdSet: ['i-a'] }, InstanceId: 'i-b' },
    referencedResources: {
      'ACS::ECS::Instance': ['i-b', 'i-c', 'not an id', 7],
      Instance: ['i-d'],
      'ACS::ECS::Disk': ['d-e'],
    },
  });
  expect(read(anEvent(record))).toMatchObject({ instanceIds: ['i-a', 'i-b', 'i-c', 'i-d'] });
});

test('CreateInstance launches one instance', ({ expect }) => {
  const record = aRecord({ eventName: 'CreateInstance', responseElements: { InstanceId: 'i-z' } });
  expect(read(anEvent(record))).toMatchObject({ kind: 'launch', instanceIds: ['i-z'] });
});

test.for<[string, string, unknown]>([
  ['a failed call', 'NoPermission', anEvent(aRecord({ errorCode: 'NoPermission' }))],
  ['a launch of nothing', 'no instance', anEvent(aRecord({ responseElements: {} }))],
  ['another call', 'AttachKeyPair', anEvent(aRecord({ eventName: 'AttachKeyPair' }))],
  [
    "Alibaba's own doing",
    'AliyunServiceEvent',
    anEvent(aRecord({ eventType: 'AliyunServiceEvent' })),
  ],
  [
    'a start',
    'Starting',
    anEvent({ resourceId: 'i-a', state: 'Starting' }, { type: 'ecs:Instance:StateChange' }),
  ],
  [
    'a scale-in',
    'ScaleInSuccess',
    anEvent({ instanceIds: ['i-a'] }, { type: 'ess:ScalingActivity:ScaleInSuccess' }),
  ],
  ['no event', 'no launch', 7],
])('%s is ignored, with a reason', ([, why, payload], { expect }) => {
  expect(read(payload)).toEqual({ kind: 'ignored', why: expect.stringContaining(why) });
});

test.for<[string, unknown, readonly string[] | null, string | null]>([
  [
    'a user',
    { type: 'ram-user', userName: 'lin', principalId: '2', accountId: '1' },
    ['lin', '2', '1'],
    null,
  ],
  [
    'a role',
    { type: 'assumed-role', userName: 'deploy:ci-7', principalId: '3:ci-7', accountId: '1' },
    ['deploy:ci-7', 'deploy', '3:ci-7', '1'],
    'deploy',
  ],
  ['the account', { type: 'root-account', accountId: '1' }, ['1'], null],
  ['a service', { type: 'system' }, ['system'], null],
  ['an identity as a text', JSON.stringify({ userName: 'lin' }), ['lin'], null],
  ['no identity', undefined, null, null],
])('launched by %s', ([, userIdentity, launchedBy, roleName], { expect }) => {
  expect(read(anEvent(aRecord({ userIdentity })))).toMatchObject({ launchedBy, roleName });
});

test('a name that is too long is cut', ({ expect }) => {
  const event = read(anEvent(aRecord({ userIdentity: { userName: 'x'.repeat(9_999) } })));
  expect(event).toMatchObject({ launchedBy: ['x'.repeat(160)] });
});

test.for<[string, Record<string, unknown>, object]>([
  [
    'flattened, as an API call records it',
    {
      requestParameters: {
        InstanceName: 'web-1',
        ImageId: 'm-1',
        LaunchTemplateId: 'lt-1',
        LaunchTemplateName: 'web',
        'Tag.1.Key': 'team',
        'Tag.1.Value': 'web',
        'Tag.2.Key': 'bare',
        MaxAmount: 1,
      },
    },
    {
      name: 'web-1',
      imageId: 'm-1',
      tags: { team: 'web', bare: '' },
      launchTemplates: ['lt-1', 'web'],
    },
  ],
  [
    'with a list of tags',
    { requestParameters: { Tags: [{ Key: 'team', Value: 'web' }] } },
    { name: null, imageId: null, tags: { team: 'web' }, launchTemplates: [] },
  ],
  [
    'as a text',
    { requestParameterJson: '{"ImageId":"m-1"}' },
    { name: null, imageId: 'm-1', tags: {}, launchTemplates: [] },
  ],
])('what was asked for is read %s', ([, change, parameters], { expect }) => {
  expect(read(anEvent(aRecord(change)))).toMatchObject({ parameters });
});

test.for<[string, unknown]>([
  ['in EventBridge form', { resourceId: 'i-a', resourceType: 'ALIYUN::ECS::Instance' }],
  [
    'in CloudMonitor form',
    {
      product: 'ECS',
      name: 'Instance:StateChange',
      userId: '1000000000000000',
      regionId: 'cn-hangzhou',
      eventTime: '20261118T190640.000+0800',
      content: { resourceId: 'i-a', resourceType: 'ALIYUN::ECS::Instance' },
    },
  ],
])('a new instance is a launch %s, whoever launched it', ([, data], { expect }) => {
  for (const state of ['Created', 'Pending']) {
    const content = (data as { content?: object }).content;
    const told = content ? { ...(data as object), content: { ...content, state } } : data;
    const event = anEvent(
      { state, ...(told as object) },
      { type: 'ecs:Instance:StateChange', aliyunaccountid: '1000000000000000' },
    );
    expect(read(event)).toEqual({
      ...LAUNCH,
      source: 'state-change',
      instanceIds: ['i-a'],
      launchedBy: null,
      eventName: state,
    });
  }
});

test.for<[string, unknown]>([
  ['instanceIds', { instanceIds: ['i-a', 'i-b', 7] }],
  ['InstanceIds as a text', { InstanceIds: '["i-a","i-b"]' }],
  ['one instanceId and one createdInstances', { instanceId: 'i-a', createdInstances: ['i-b'] }],
  ['content', { content: { instanceIds: ['i-a', 'i-b'] } }],
  ['content as a text', { content: '{"instanceIds":["i-a","i-b"]}' }],
])('a scale-out is a launch of what it names in %s', ([, data], { expect }) => {
  for (const end of ['ScaleOutSuccess', 'ScaleOutPartialSuccess']) {
    const event = anEvent(data, {
      source: 'acs.ess',
      type: `ess:ScalingActivity:${end}`,
      aliyunaccountid: '1000000000000000',
    });
    expect(read(event)).toEqual({
      ...LAUNCH,
      source: 'auto-scaling',
      key: 'acs.ess/AE3B631D',
      launchedBy: null,
      eventName: end,
    });
  }
});

test('other ids in a scaling activity are not launches', ({ expect }) => {
  const data = { scalingGroupId: 'asg-1', removedInstanceIds: ['i-a'], allInstances: ['i-b'] };
  const event = anEvent(data, { type: 'ess:ScalingActivity:ScaleOutSuccess' });
  expect(read(event)).toMatchObject({ kind: 'ignored' });
});

test.for<[string, unknown]>([
  ['several events at once', [anEvent(), anEvent()]],
  ['no event', []],
  ['a launch without id', anEvent(aRecord({ eventId: undefined }), { id: undefined })],
  ['a launch without region', anEvent(aRecord({ acsRegion: '' }), { aliyunregionid: undefined })],
  ['a launch without time', anEvent(aRecord({ eventTime: 'now' }), { time: undefined })],
  [
    'a state change without an instance',
    anEvent({ state: 'Created' }, { type: 'ecs:Instance:StateChange' }),
  ],
])('%s cannot be read', ([, payload], { expect }) => {
  expect(() => read(payload)).toThrow(/^Cannot read the launch event: /);
});

test('a text that is not JSON cannot be read', ({ expect }) => {
  expect(() => readLaunchEvent(Buffer.from('{'))).toThrow('Cannot read the launch event: not JSON');
});
