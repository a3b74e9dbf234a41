import { test } from 'vitest';
import { aLaunchRule, aPolicy } from '../../support/builders.ts';
import { LatchkeyError } from '../../../shared/domain/errors.ts';
import { parsePolicy } from '../../../shared/inbound/policy.ts';

function aRule(change: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    name: 'web',
    match: { tags: { team: 'web' } },
    keyPairName: 'ops-2026',
    restart: true,
    ...change,
  };
}

function faultsOf(value: unknown): string[] {
  try {
    parsePolicy(value);
  } catch (error) {
    if (!(error instanceof LatchkeyError)) throw error;
    return (error.details.faults ?? []).map(({ pointer, detail }) => `${pointer}: ${detail}`);
  }
  return [];
}

const DEFAULTS = aPolicy();

test('a policy is read, with what a match leaves out', ({ expect }) => {
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
  expect(parsePolicy({ launch: [] })).toEqual({ ...DEFAULTS, launch: [] });
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
  'the gate may be at %s',
  (url, { expect }) => {
    expect(parsePolicy(withGate({ url })).healthGate).toMatchObject({ url });
  },
);

test.for<[unknown, string]>([
  [{}, '/launch: Cannot be left out: required'],
  [{ launch: [], lunch: 1 }, '/lunch: Cannot take 1: is not a field of a policy'],
  [{ launch: [aRule({ keyPair: 'x' })] }, '/launch/0/keyPair: Cannot take "x": is not a field'],
  [{ launch: [aRule({ match: {} })] }, '/launch/0/match: Cannot take an object: must have a tag'],
  [
    { launch: [aRule({ match: { namePrefix: '', tags: {} } })] },
    '/launch/0/match: Cannot take an object: must have a tag',
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
    { launch: [aRule(), aRule({ name: 'db' }), aRule()] },
    '/launch/2/name: Cannot take "web": must be the name of one rule only',
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
