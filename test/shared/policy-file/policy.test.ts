import fc from 'fast-check';
import { test } from 'vitest';
import { parsePolicy } from '../../../shared/policy-file/parse-policy.ts';
import { aLaunchRule, aPolicy } from '../../models/builders.ts';
import { aFileClient, APPROVER, aRule, faultsOf, FINGERPRINT } from './policy-file.ts';

const DEFAULTS = aPolicy();

test('a policy is read, with defaults for what a match leaves out', ({ expect }) => {
  const rules = [aRule(), aRule({ name: 'db', match: { namePrefix: 'db-' }, restart: false })];
  expect(parsePolicy({ $schema: './policy.schema.json', launch: rules })).toEqual({
    ...DEFAULTS,
    launch: [
      aLaunchRule({ keyPairName: 'ops-2026', match: { tags: { team: 'web' } } }),
      aLaunchRule({
        name: 'db',
        keyPairName: 'ops-2026',
        match: { namePrefix: 'db-' },
        restart: false,
      }),
    ],
  });
});

test('an empty policy permits nothing', ({ expect }) => {
  expect(parsePolicy({})).toEqual(DEFAULTS);
  expect(DEFAULTS).toMatchObject({ clients: [], launch: [], allowDetach: false, notify: [] });
});

test('a launch rule with every field is read', ({ expect }) => {
  const match = {
    regionIds: ['cn-hangzhou'],
    accountIds: ['1234567890123456'],
    tags: { team: '*' },
    namePrefix: 'web-',
    imageIds: ['m-bp1'],
    launchTemplates: ['lt-bp1', 'web-template'],
    launchedBy: ['lin', 'AliyunServiceRoleForAutoScaling'],
  };
  const rest = {
    fingerprint: FINGERPRINT,
    delaySeconds: 60,
    replace: true,
    restartScalingMembers: true,
    restartYoungerThanSeconds: 600,
  };
  expect(parsePolicy({ launch: [aRule({ match, ...rest })] }).launch).toEqual([
    { name: 'web', keyPairName: 'ops-2026', restart: true, match, ...rest },
  ]);
});

test('a client is read with all that it may say, and with what holds for everybody', ({
  expect,
}) => {
  const whole = aFileClient({
    actions: ['ask', 'see', 'undo'],
    instances: { tags: { team: 'web', env: '*' } },
    restart: ['auto', 'never'],
    attach: ['now', 'wave'],
    approval: { aboveInstances: 10, tags: { env: 'production' }, withinSeconds: 600 },
    restartWindow: { ...WINDOW, start: '01:00' },
    freezes: [{ ...FREEZE, reason: 'release' }],
    healthGate: { ...GATE, url: 'https://own.example.com/' },
    breakGlass: true,
    maxOpenRollouts: 3,
  });
  const others = {
    restartWindow: WINDOW,
    freezes: [FREEZE],
    healthGate: GATE,
    clients: [whole, APPROVER],
  };
  const { clients, schedule, healthGate } = parsePolicy(others);
  expect(clients).toEqual([
    {
      id: 'ci',
      person: null,
      secretNames: ['CI_SECRETS'],
      actions: ['ask', 'see', 'undo'],
      keyPairs: [{ name: 'ops-2026', fingerprint: FINGERPRINT }],
      tags: { team: 'web', env: '*' },
      maxInstances: 50,
      restart: ['auto', 'never'],
      attach: ['now', 'wave'],
      approval: {
        always: false,
        aboveInstances: 10,
        tags: { env: 'production' },
        withinSeconds: 600,
        approvals: 1,
        highRisk: { aboveInstances: null, tags: {} },
      },
      schedule: {
        window: { ...WINDOW, start: '01:00' },
        freezes: [...schedule.freezes, { ...schedule.freezes[0], reason: 'release' }],
      },
      healthGate: { ...healthGate, url: 'https://own.example.com/' },
      breakGlass: true,
      maxOpenRollouts: 3,
    },
    {
      id: 'approver',
      person: null,
      secretNames: ['APPROVER_SECRETS'],
      actions: ['approve'],
      keyPairs: [],
      tags: {},
      maxInstances: 0,
      restart: [],
      attach: [],
      approval: null,
      schedule,
      healthGate,
      breakGlass: false,
      maxOpenRollouts: 10,
    },
  ]);
});

test('channels, revoked key pairs, opt-out tags and own roles are read', ({ expect }) => {
  const channel = { id: 'pager', url: 'https://pager.example.com/', secretName: 'PAGER_SECRETS' };
  const revoked = { name: 'ops-2024', reason: 'the laptop was stolen' };
  const policy = {
    notify: [channel, { ...channel, id: 'log', on: ['halted'] }],
    revokedKeyPairs: [revoked, { ...revoked, name: 'ops-2023', fingerprint: FINGERPRINT }],
    optOut: { restart: 'team:restart' },
    ownRoles: ['latchkey-restart'],
  };
  expect(parsePolicy(policy)).toEqual({
    ...DEFAULTS,
    notify: [
      { ...channel, on: ['approval-needed', 'break-glass', 'halted', 'ended'] },
      { ...channel, id: 'log', on: ['halted'] },
    ],
    revokedKeyPairs: [
      { ...revoked, fingerprint: null },
      { ...revoked, name: 'ops-2023', fingerprint: FINGERPRINT },
    ],
    optOut: { restart: 'team:restart', attach: 'latchkey:attach' },
    ownRoles: ['latchkey-restart'],
  });
});

const WINDOW = { days: ['sat', 'sun'], start: '22:00', end: '06:00', timeZone: 'Asia/Shanghai' };
const FREEZE = {
  from: '2026-11-10T20:00:00+08:00',
  until: '2026-11-12T00:00:00.5+08:00',
  reason: 'double eleven',
};
const GATE = { url: 'https://gate.example.com/ask?team=web', secretName: 'GATE_SECRET' };

const withWindow = (change: object) => ({ launch: [], restartWindow: { ...WINDOW, ...change } });
const withFreeze = (change: object) => ({
  launch: [],
  freezes: [FREEZE, { ...FREEZE, ...change }],
});
const withClient = (change: object) => ({ clients: [aFileClient({ ...change })] });
const withChannel = (change: object) => ({
  notify: [
    { id: 'pager', url: 'https://pager.example.com/', secretName: 'PAGER_SECRETS', ...change },
  ],
});
const withGate = (change: object) => ({ launch: [], healthGate: { ...GATE, ...change } });

test('window, freezes, gate and permission to detach are read', ({ expect }) => {
  const policy = {
    launch: [],
    restartWindow: WINDOW,
    freezes: [FREEZE],
    healthGate: GATE,
    allowDetach: true,
  };
  expect(parsePolicy(policy)).toEqual({
    ...DEFAULTS,
    launch: [],
    schedule: {
      window: WINDOW,
      freezes: [
        {
          from: Date.UTC(2026, 10, 10, 12),
          until: Date.UTC(2026, 10, 11, 16, 0, 0, 500),
          reason: 'double eleven',
        },
      ],
    },
    healthGate: { ...GATE, timeoutMs: 5_000 },
    allowDetach: true,
  });
  expect(parsePolicy(withGate({ timeoutSeconds: 0.5 })).healthGate).toMatchObject({
    timeoutMs: 500,
  });
});

test.for(['http://127.0.0.1:8080/ask', 'http://localhost/', 'http://[::1]/', 'https://a.example'])(
  'the health gate may be at %s',
  (url, { expect }) => {
    expect(parsePolicy(withGate({ url })).healthGate).toMatchObject({ url });
  },
);

test.for<[unknown, string]>([
  [{ launch: [], lunch: 1 }, '/lunch: Cannot take 1: is not a field of a policy'],
  [{ launch: [aRule({ keyPair: 'x' })] }, '/launch/0/keyPair: Cannot take "x": is not a field'],
  [
    { launch: [aRule({ match: {} })] },
    '/launch/0/match: Cannot take an object: must have a condition',
  ],
  [
    { launch: [aRule({ match: { namePrefix: '', tags: {} } })] },
    '/launch/0/match: Cannot take an object: must have a condition',
  ],
  [
    { launch: [aRule({ match: { tags: ['a'] } })] },
    '/launch/0/match/tags: Cannot take a list of 1: must be an object',
  ],
  [
    { launch: [aRule({ match: { tags: { a: 1 } } })] },
    '/launch/0/match/tags/a: Cannot take 1: must be a text',
  ],
  [
    { launch: [aRule({ match: { tag: 'x', namePrefix: 'x' } })] },
    '/launch/0/match/tag: Cannot take "x": is not a field of a match',
  ],
  [{ launch: [aRule({ restart: 'auto' })] }, '/launch/0/restart: Cannot take "auto": must be true'],
  [{ launch: [aRule({ keyPairName: '*' })] }, '/launch/0/keyPairName: Cannot take "*": must be a'],
  [{ launch: [aRule({ name: 'a b' })] }, '/launch/0/name: Cannot take "a b": must be 1 to 64'],
  [
    { launch: [aRule({ match: { regionIds: [] } })] },
    '/launch/0/match/regionIds: Cannot take a list of 0: must name a region',
  ],
  [
    { launch: [aRule({ match: { accountIds: ['me'] } })] },
    '/launch/0/match/accountIds/0: Cannot take "me": must be the number of an account',
  ],
  [
    { launch: [aRule({ match: { regionIds: ['Hangzhou'] } })] },
    '/launch/0/match/regionIds/0: Cannot take "Hangzhou": must be a region',
  ],
  [
    { launch: [aRule({ match: { launchedBy: ['lin', 'lin'] } })] },
    '/launch/0/match/launchedBy: Cannot take a list of 2: must name each once',
  ],
  [
    { launch: [aRule({ match: { imageIds: [''] } })] },
    '/launch/0/match/imageIds/0: Cannot take "": must not be empty',
  ],
  [
    { launch: [aRule({ fingerprint: FINGERPRINT.toUpperCase() })] },
    '/launch/0/fingerprint: Cannot take "89:F0',
  ],
  [
    { launch: [aRule({ delaySeconds: 86_401 })] },
    '/launch/0/delaySeconds: Cannot take 86401: must be at most 86400',
  ],
  [
    { launch: [aRule({ delaySeconds: 0.5 })] },
    '/launch/0/delaySeconds: Cannot take 0.5: must be a whole number',
  ],
  [withClient({ actions: [] }), '/clients/0/actions: Cannot take a list of 0: must name an action'],
  [withClient({ actions: ['all'] }), '/clients/0/actions/0: Cannot take "all": must be "ask" or'],
  [withClient({ actions: undefined }), '/clients/0/actions: Cannot be left out: required'],
  [withClient({ secretNames: [] }), '/clients/0/secretNames: Cannot take a list of 0: must name a'],
  [
    withClient({ secretNames: ['whsec_c2VjcmV0'] }),
    '/clients/0/secretNames/0: Cannot take what looks like a credential: must be the name of an',
  ],
  [
    withClient({ secretNames: ['A', 'A'] }),
    '/clients/0/secretNames: Cannot take a list of 2: must name each once',
  ],
  [
    withClient({ keyPairs: ['ops'] }),
    '/clients/0/keyPairs/0: Cannot take "ops": must be an object',
  ],
  [
    withClient({ keyPairs: [{ name: 'ops' }] }),
    '/clients/0/keyPairs/0/fingerprint: Cannot be left out: required',
  ],
  [withClient({ keyPairs: [] }), '/clients/0/keyPairs: Cannot take a list of 0: must name a key'],
  [
    withClient({ instances: { tags: {} } }),
    '/clients/0/instances/tags: Cannot take an object: must have a tag: leave "instances" out to permit all',
  ],
  [withClient({ maxInstances: 0 }), '/clients/0/maxInstances: Cannot take 0: must be at least 1'],
  [withClient({ maxInstances: 1_001 }), 'Cannot take 1001: must be at most 1000'],
  [
    withClient({ restart: ['always'] }),
    '/clients/0/restart/0: Cannot take "always": must be "auto"',
  ],
  [withClient({ attach: 'now' }), '/clients/0/attach: Cannot take "now": must be a list'],
  [
    withClient({ approval: { allways: true } }),
    '/clients/0/approval/allways: Cannot take true: is',
  ],
  [
    withClient({ approval: { always: true, withinSeconds: 59 } }),
    '/clients/0/approval/withinSeconds: Cannot take 59: must be at least 60',
  ],
  [
    withClient({ restartWindow: { ...WINDOW, days: [] } }),
    '/clients/0/restartWindow/days: Cannot take a list of 0: must name a day',
  ],
  [
    withClient({ maxOpenRollouts: 0 }),
    '/clients/0/maxOpenRollouts: Cannot take 0: must be at least',
  ],
  [withClient({ id: 'a b' }), '/clients/0/id: Cannot take "a b": must be 1 to 64'],
  [
    { revokedKeyPairs: [{ name: 'ops' }] },
    '/revokedKeyPairs/0/reason: Cannot be left out: required',
  ],
  [
    { optOut: { restart: 'acs:restart' } },
    '/optOut/restart: Cannot take "acs:restart": must not begin with "acs:" or "aliyun"',
  ],
  [{ optOut: { attach: '' } }, '/optOut/attach: Cannot take "": must be the key of a tag'],
  [withChannel({ url: 'http://pager.example.com' }), '/notify/0/url: Cannot take "http://pager.'],
  [withChannel({ url: 'https://u@pager.example.com' }), '/notify/0/url: Cannot take "https://u@'],
  [withChannel({ on: [] }), '/notify/0/on: Cannot take a list of 0: must name a kind of notice'],
  [
    withChannel({ on: ['begun'] }),
    '/notify/0/on/0: Cannot take "begun": must be "approval-needed"',
  ],
  [
    { ownRoles: ['acs:ram::1:role/latchkey'] },
    '/ownRoles/0: Cannot take "acs:ram::1:role/latchkey": must be the name of a RAM role',
  ],
  [withWindow({ days: [] }), '/restartWindow/days: Cannot take a list of 0: must name a day'],
  [withWindow({ days: ['sat', 'sat'] }), '/restartWindow/days: Cannot take a list of 2: must name'],
  [
    withWindow({ days: ['Sat'] }),
    '/restartWindow/days/0: Cannot take "Sat": must be "mon" or "tue"',
  ],
  [withWindow({ start: '24:00' }), '/restartWindow/start: Cannot take "24:00": must be a time of'],
  [withWindow({ end: '6:00' }), '/restartWindow/end: Cannot take "6:00": must be a time of day'],
  [
    withWindow({ timeZone: 'Asia/Hangzhou' }),
    '/restartWindow/timeZone: Cannot take "Asia/Hangzhou": must be an IANA time zone',
  ],
  [withWindow({ timeZone: '+08:00' }), '/restartWindow/timeZone: Cannot take "+08:00": must be an'],
  [
    withWindow({ timezone: 'UTC' }),
    '/restartWindow/timezone: Cannot take "UTC": is not a field of',
  ],
  [
    withFreeze({ until: FREEZE.from }),
    '/freezes/1/until: Cannot take an object: "until" must be later than "from"',
  ],
  [withFreeze({ from: '2026-11-10' }), '/freezes/1/from: Cannot take "2026-11-10": must be a date'],
  [
    withFreeze({ from: '2026-11-10T20:00:00' }),
    '/freezes/1/from: Cannot take "2026-11-10T20:00:00"',
  ],
  [withFreeze({ from: '2026-02-30T20:00:00Z' }), '/freezes/1/from: Cannot take "2026-02-30T20:00'],
  [withFreeze({ from: '2026-11-10T24:00:00Z' }), '/freezes/1/from: Cannot take "2026-11-10T24:00'],
  [withFreeze({ reason: '' }), '/freezes/1/reason: Cannot take "": must say why'],
  [withFreeze({ reason: 'x'.repeat(201) }), 'must have at most 200 characters'],
  [withGate({ url: 'http://gate.example.com' }), '/healthGate/url: Cannot take "http://gate.'],
  [withGate({ url: 'http://127.0.0.1.example.com' }), '/healthGate/url: Cannot take "http://127'],
  [withGate({ url: 'https://u:p@gate.example.com' }), '/healthGate/url: Cannot take "https://u:p@'],
  [withGate({ url: 'ftp://127.0.0.1' }), '/healthGate/url: Cannot take "ftp://127.0.0.1": must be'],
  [withGate({ url: '/ask' }), '/healthGate/url: Cannot take "/ask": must be an https URL'],
  [
    withGate({ secretName: 'gate' }),
    '/healthGate/secretName: Cannot take "gate": must be the name',
  ],
  [
    withGate({ timeoutSeconds: 11 }),
    '/healthGate/timeoutSeconds: Cannot take 11: must be more than',
  ],
  [
    withGate({ timeoutSeconds: 0 }),
    '/healthGate/timeoutSeconds: Cannot take 0: must be more than 0',
  ],
  [{ launch: [], allowDetach: 'yes' }, '/allowDetach: Cannot take "yes": must be true or false'],
])('%j is refused', ([policy, fault], { expect }) => {
  const faults = faultsOf(policy);
  expect(faults).toHaveLength(1);
  expect(faults[0]).toContain(fault);
});

test.for(['__proto__', 'constructor', 'prototype'])(
  'a condition under "%s" is refused, since a schema would ignore it',
  (key, { expect }) => {
    const rule = JSON.stringify(aRule()).replace('"team"', `"${key}"`);
    expect(faultsOf(JSON.parse(`{"launch": [${rule}]}`))).toEqual([
      `/launch/0/match/tags/${key}: Cannot take "${key}": must not be used as a key`,
    ]);
    expect(faultsOf(JSON.parse(`{"${key}": 1}`))).toHaveLength(1);
  },
);

test('every fault is one line of the message', ({ expect }) => {
  const policy = { lunch: [], launch: [aRule({ keyPair: 'ops' })], clients: [{}] };
  expect(faultsOf(policy).length).toBeGreaterThan(3);
  expect(() => parsePolicy(policy)).toThrow(
    /^(?:Cannot accept the policy: "\/[^\n]+\n)+Cannot accept the policy: "\/lunch": [^\n]+$/,
  );
});

/** Random JSON with the fields of policies, valid and invalid. */
const fields = fc.constantFrom(
  ...'clients launch match tags name id secretNames actions keyPairs restart approval notify'.split(
    ' ',
  ),
);
const anything = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc.constantFrom<unknown>(null, true, 'web', 'ops-2026', 'ask', 1, -1, 'WEBHOOK_SECRETS'),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fields, tie('value'), { maxKeys: 6 }),
  ),
})).value;

test('any JSON is accepted or refused with faults', ({ expect }) => {
  fc.assert(
    fc.property(anything, (value) => {
      for (const fault of faultsOf(value)) expect(fault).toMatch(/^(?:\/.*)?: Cannot /s);
    }),
  );
});
