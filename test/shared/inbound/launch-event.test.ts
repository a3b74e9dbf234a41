import { test } from 'vitest';
import { type LaunchEvent, readLaunchEvent } from '../../../shared/inbound/launch-event.ts';

/** What ActionTrail records of a launch. */
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
  key: 'acs.ecs/AE3B631D',
  regionId: 'cn-hangzhou',
  instanceIds: ['i-a', 'i-b'],
  launchedBy: 'alice',
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

test('ids from every place are united, each once', ({ expect }) => {
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

test('CreateInstance is a launch of one', ({ expect }) => {
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
    'another event',
    'StateChange',
    anEvent({ state: 'Created' }, { type: 'ecs:Instance:StateChange' }),
  ],
  ['no event', 'no launch', 7],
])('%s is ignored, saying why', ([, why, payload], { expect }) => {
  expect(read(payload)).toEqual({ kind: 'ignored', why: expect.stringContaining(why) });
});

test.for<[string, unknown, string]>([
  ['the role session', { principalId: '3:latchkey' }, '3:latchkey'],
  ['the account', { accountId: '1000' }, '1000'],
  ['the kind of identity', { type: 'system' }, 'system'],
  ['nobody known', undefined, 'unknown'],
])('launched by %s', ([, userIdentity, launchedBy], { expect }) => {
  expect(read(anEvent(aRecord({ userIdentity })))).toMatchObject({ launchedBy });
});

test.for<[string, unknown]>([
  ['several events at once', [anEvent(), anEvent()]],
  ['no event', []],
  ['a launch without id', anEvent(aRecord({ eventId: undefined }), { id: undefined })],
  ['a launch without region', anEvent(aRecord({ acsRegion: '' }), { aliyunregionid: undefined })],
  ['a launch without time', anEvent(aRecord({ eventTime: 'now' }), { time: undefined })],
])('%s is not readable', ([, payload], { expect }) => {
  expect(() => read(payload)).toThrow(/^Cannot read the launch event: /);
});

test('what is not JSON is not readable', ({ expect }) => {
  expect(() => readLaunchEvent(Buffer.from('{'))).toThrow('Cannot read the launch event: not JSON');
});
