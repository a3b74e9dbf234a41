import { test } from 'vitest';
import { LatchkeyError } from '../../../shared/domain/model/errors.ts';
import type { Launch } from '../../../shared/domain/model/launch.ts';
import { bodiesOf } from '../../../shared/contract/messages/codec.ts';
import type { Message } from '../../../shared/domain/model/messages.ts';
import { readRestartEvent, type RestartEvent } from '../../../shared/inbound/restart-event.ts';

const [A, B] = ['a', 'b'].map((letter) => `ro-${letter.repeat(26)}`) as [string, string];

const wake = (rolloutId: string) => JSON.stringify({ schema: 'latchkey.wake/1', rolloutId });
const result = (rolloutId: string) =>
  JSON.stringify({
    schema: 'latchkey.result/1',
    rolloutId,
    regionId: 'cn-hangzhou',
    keyPairName: 'ops-2026',
    instanceId: 'i-a',
    outcome: { kind: 'attached', previousKeyPairName: null },
    next: 'reboot',
    attachedAtMs: 1_795_000_000_000,
  });
const base64 = (text: string) => Buffer.from(text).toString('base64');

/** One message in the envelope of a queue trigger. */
function aMessage(messageBody: unknown, change: Record<string, unknown> = {}) {
  return {
    id: '0FFF111D2A6B444B7FE46AE2',
    source: 'MNS-latchkey-restart-queue',
    specversion: '1.0',
    type: 'mns:Queue:SendMessage',
    time: '2026-11-18T11:06:46.525Z',
    data: { requestId: '62D9', messageId: '0FFF', messageBody },
    ...change,
  };
}

function aStateChange(change: Record<string, unknown> = {}) {
  return {
    id: '2256A988',
    source: 'acs.ecs',
    specversion: '1.0',
    type: 'ecs:Instance:StateChange',
    time: '2026-11-18T19:06:45+08:00',
    data: { resourceId: 'i-a', resourceType: 'ALIYUN::ECS::Instance', state: 'Stopping' },
    ...change,
  };
}

const read = (payload: unknown): RestartEvent =>
  readRestartEvent(Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload)));

const messages = (...all: Message[]) => ({ kind: 'messages', messages: all, unreadable: [] });
const woken = (rolloutId: string): Message => ({ kind: 'wake', rolloutId });

test.for<[string, unknown]>([
  ['one object', aMessage(wake(A))],
  ['an array of objects', [aMessage(wake(A))]],
  ['an array of texts', [JSON.stringify(aMessage(wake(A)))]],
  ['a text', JSON.stringify(JSON.stringify(aMessage(wake(A))))],
  ['data that is a text', aMessage(wake(A), { data: JSON.stringify({ messageBody: wake(A) }) })],
  ['raw data', { requestId: '62D9', messageId: '0FFF', messageBody: wake(A) }],
  ['an array of raw data', [{ messageBody: base64(wake(A)) }]],
  ['nothing but the message', JSON.parse(wake(A))],
  ['an array of nothing but messages as texts', [wake(A)]],
  ['an array of nothing but base64', [base64(wake(A))]],
  ['a base64 body', aMessage(base64(wake(A)))],
  [
    'a base64 body over several lines',
    aMessage(`${base64(wake(A)).replaceAll(/(.{20})/g, '$1\n')}\n`),
  ],
  ['a body that is an object already', aMessage(JSON.parse(wake(A)))],
])('a message is read from %s', ([, payload], { expect }) => {
  expect(read(payload)).toEqual(messages(woken(A)));
});

test('messages are read in order', ({ expect }) => {
  const batch = [result(B), wake(A)].map((body) => aMessage(body));
  const { schema: _, ...told } = JSON.parse(result(B));
  expect(read(batch)).toEqual(messages({ kind: 'result', result: told }, woken(A)));
});

test('an unreadable message is reported unchanged, and the others are read', ({ expect }) => {
  const bodies = [wake(A), 'hello', base64('hello'), '{"schema":"latchkey.wake/2"}', wake(B)];
  const event = read([...bodies.map((body) => aMessage(body)), 7, null]);
  expect(event).toMatchObject({ kind: 'messages', messages: [woken(A), woken(B)] });
  expect(event).toHaveProperty('unreadable', [
    { text: 'hello', why: 'neither JSON nor base64 of it' },
    { text: base64('hello'), why: 'neither JSON nor base64 of it' },
    { text: '{"schema":"latchkey.wake/2"}', why: expect.stringContaining('"/schema"') },
    { text: '7', why: expect.any(String) },
    { text: 'null', why: expect.any(String) },
  ]);
});

test.for<[string, unknown]>([
  ['no id', { schema: 'latchkey.wake/1' }],
  ['an id of another form', { schema: 'latchkey.wake/1', rolloutId: 'ro-1' }],
  ['an unknown outcome', { ...JSON.parse(result(A)), outcome: { kind: 'odd' } }],
])('a message with %s is unreadable', ([, body], { expect }) => {
  expect(read(aMessage(JSON.stringify(body)))).toMatchObject({
    messages: [],
    unreadable: [{ text: JSON.stringify(body) }],
  });
});

const LAUNCH = {
  instanceId: 'i-a',
  regionId: 'cn-hangzhou',
  accountId: null,
  launchedBy: ['lin'],
  launchTemplates: [],
  eventKey: 'acs.ecs/1',
  eventName: 'RunInstances',
  source: 'action-trail',
  atMs: 1_795_000_000_000,
  lastCall: false,
  tries: 0,
} as const satisfies Launch;

test('a launch that was sent, alone or gathered, is read back unchanged', ({ expect }) => {
  const other: Launch = {
    ...LAUNCH,
    instanceId: 'i-b',
    launchedBy: null,
    lastCall: true,
    tries: 2,
  };
  const sent: Message[] = [
    { kind: 'launch', launch: LAUNCH },
    { kind: 'launches', launches: [LAUNCH, other] },
  ];
  const bodies = sent.flatMap(bodiesOf);
  expect(bodies).toHaveLength(2);
  expect(read(bodies.map((body) => aMessage(base64(body))))).toEqual(messages(...sent));
});

test('a launch without the field "tries" has 0 tries', ({ expect }) => {
  const { tries: _, ...launch } = LAUNCH;
  const body = { schema: 'latchkey.launch/1', ...launch };
  expect(read(aMessage(body))).toEqual(messages({ kind: 'launch', launch: LAUNCH }));
});

test('a notice is read back unchanged', ({ expect }) => {
  const notice = {
    id: `${A}-halted-5-ops`,
    rolloutId: A,
    channel: 'ops',
    kind: 'halted',
    atMs: 5,
    attempt: 2,
    data: { status: 'halted', counts: { total: 1 } },
  } as const;
  const [body] = bodiesOf({ kind: 'notice', notice });
  const path = `/rollouts/${A}`;
  const nextCalls = [
    `GET ${path}`,
    ...['resolve', 'resume', 'abort'].map((c) => `POST ${path}/${c}`),
  ];
  const received: Message = {
    kind: 'notice',
    notice: { ...notice, data: { ...notice.data, nextCalls } },
  };
  expect(read(aMessage(body))).toEqual(messages(received));
  expect(bodiesOf(received)).toEqual([body]);
});

test('gathered launches fit into a queue message, whatever their names', ({ expect }) => {
  const long = {
    launchedBy: ['\u5f20'.repeat(160), '\u674e'.repeat(160)],
    eventKey: 'k'.repeat(385),
  };
  const launches = Array.from({ length: 300 }, (_, n) => ({
    ...LAUNCH,
    instanceId: `i-${n}`,
    ...(n % 3 === 0 ? long : {}),
  }));
  const sent = bodiesOf({ kind: 'launches', launches });
  for (const body of sent) expect(base64(body).length).toBeLessThanOrEqual(65_536);
  expect(sent.length).toBeLessThan(10);
  const event = read(sent.map((body) => aMessage(body)));
  const received = event.kind === 'messages' ? event.messages : [];
  expect(received.flatMap((one) => (one.kind === 'launches' ? one.launches : []))).toEqual(
    launches,
  );
});

test.for<[string, object]>([
  ['no instance', { instanceId: 'nothing' }],
  ['an unknown source', { source: 'hearsay' }],
  ['a text that is too long', { eventKey: 'k'.repeat(401) }],
])('a launch with %s is unreadable', ([, change], { expect }) => {
  const body = { schema: 'latchkey.launch/1', ...LAUNCH, ...change };
  expect(read(aMessage(body))).toMatchObject({ messages: [], unreadable: [{}] });
});

test('an empty batch has no messages', ({ expect }) => {
  expect(read([])).toEqual(messages());
});

test('a timer is a tick', ({ expect }) => {
  const timer = { triggerTime: '2022-07-29T10:02:58Z', triggerName: 'sweep', payload: '' };
  expect(read(timer)).toEqual({ kind: 'tick' });
});

const atMs = Date.UTC(2026, 10, 18, 11, 6, 45);

test.for<[string, unknown, number]>([
  ['in EventBridge form', aStateChange(), atMs],
  ['alone in an array', [aStateChange()], atMs],
  ['as a text in an array', [JSON.stringify(aStateChange())], atMs],
  [
    'in CloudMonitor form, with the more exact time',
    aStateChange({
      data: {
        product: 'ECS',
        name: 'Instance:StateChange',
        resourceId: 'acs:ecs:cn-hangzhou:1000000000000000:instance/i-a',
        eventTime: '20261118T190645.922+0800',
        content: { resourceId: 'i-a', resourceType: 'ALIYUN::ECS::Instance', state: 'Stopping' },
      },
    }),
    atMs + 922,
  ],
  [
    'in CloudMonitor form without envelope',
    {
      product: 'ECS',
      name: 'Instance:StateChange',
      eventTime: '20261118T190645.922+0800',
      content: { resourceId: 'i-a', state: 'Stopping' },
    },
    atMs + 922,
  ],
])('a state change is read %s', ([, payload, at], { expect }) => {
  expect(read(payload)).toEqual({
    kind: 'state-change',
    instanceId: 'i-a',
    state: 'Stopping',
    atMs: at,
  });
});

test.for<[string, Record<string, unknown>]>([
  ['no time', { time: undefined }],
  ['a time that cannot be read', { time: '2020-11-19T21:04:42.179PRC' }],
  ['no instance', { data: { state: 'Running' } }],
  ['an unknown state', { data: { resourceId: 'i-a', state: 'Melting' } }],
])('a state change with %s is unreadable', ([, change], { expect }) => {
  expect(read(aStateChange(change))).toMatchObject({
    kind: 'messages',
    messages: [],
    unreadable: [{ why: expect.stringContaining('a state change') }],
  });
});

test.for(['', '{"cut', 'hello', 'bWVzc2FnZQ=='])('"%s" is not JSON', (text, { expect }) => {
  expect(() => read(text)).toThrow(LatchkeyError);
});

test('a value with very deep nesting does not affect the rest of its batch', ({ expect }) => {
  const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
  const text = `[${JSON.stringify(aMessage(wake(A)))},${deep}]`;

  expect(readRestartEvent(Buffer.from(text))).toMatchObject({
    messages: [woken(A)],
    unreadable: [{ text: 'nested too deep to be shown' }],
  });
});
