import { test } from 'vitest';
import { readEnvironment } from '../../../shared/inbound/environment.ts';

const SECRETS = ['b'.repeat(32), 'c'.repeat(32)].map(
  (text) => `whsec_${Buffer.from(text).toString('base64')}`,
);

/** A whole valid environment, changed; undefined takes a variable out. */
function anEnv(change: Record<string, string | undefined> = {}) {
  return {
    REGION_ID: 'cn-hangzhou',
    SMQ_QUEUE: 'latchkey-results',
    SMQ_DEAD_LETTER_QUEUE: 'latchkey-dead',
    TABLESTORE_INSTANCE: 'latchkey',
    WEBHOOK_SECRETS: SECRETS.join(' '),
    ...change,
  };
}

const read = (
  change: Record<string, string | undefined> = {},
  webhookSecrets: 'required' | 'unused' = 'required',
) => readEnvironment(anEnv(change), { accountId: '1000000000000000', webhookSecrets });

function linesOf(change: Record<string, string | undefined>): string[] {
  try {
    read(change);
  } catch (error) {
    return (error as Error).message.split('\n');
  }
  return [];
}

test('endpoints that are left out are those of the region', ({ expect }) => {
  expect(read({ ECS_ENDPOINT: '' })).toEqual({
    regionId: 'cn-hangzhou',
    ecsEndpoint: undefined,
    smqEndpoint: 'https://1000000000000000.mns.cn-hangzhou.aliyuncs.com',
    smqQueue: 'latchkey-results',
    smqDeadLetterQueue: 'latchkey-dead',
    tablestoreEndpoint: 'https://latchkey.cn-hangzhou.ots.aliyuncs.com',
    tablestoreInstance: 'latchkey',
    webhookSecrets: [{ key: Buffer.from('b'.repeat(32)) }, { key: Buffer.from('c'.repeat(32)) }],
    gateSecret: null,
    logLevel: 'info',
  });
});

test('endpoints, level and secrets are taken as given', ({ expect }) => {
  expect(
    read({
      ECS_ENDPOINT: 'http://127.0.0.1:9001',
      SMQ_ENDPOINT: 'http://localhost:9002',
      TABLESTORE_ENDPOINT: 'https://latchkey.cn-hangzhou.vpc.tablestore.aliyuncs.com',
      WEBHOOK_SECRETS: `${SECRETS[0]},\n ${SECRETS[1]}`,
      LOG_LEVEL: 'debug',
    }),
  ).toMatchObject({
    ecsEndpoint: 'http://127.0.0.1:9001',
    smqEndpoint: 'http://localhost:9002',
    tablestoreEndpoint: 'https://latchkey.cn-hangzhou.vpc.tablestore.aliyuncs.com',
    webhookSecrets: { length: 2 },
    logLevel: 'debug',
  });
});

test('a function without webhook needs no secrets', ({ expect }) => {
  expect(read({ WEBHOOK_SECRETS: undefined }, 'unused')).toMatchObject({ webhookSecrets: [] });
});

test.for<[Record<string, string | undefined>, string]>([
  [{ REGION_ID: undefined }, 'REGION_ID is missing: must be a region, such as "cn-hangzhou"'],
  [{ REGION_ID: 'Hangzhou' }, 'REGION_ID is "Hangzhou": must be a region'],
  [{ SMQ_QUEUE: 'a_b' }, 'SMQ_QUEUE is "a_b": must be 1 to 120 letters, digits and hyphens'],
  [{ SMQ_DEAD_LETTER_QUEUE: '' }, 'SMQ_DEAD_LETTER_QUEUE is missing'],
  [{ TABLESTORE_INSTANCE: '1x' }, 'TABLESTORE_INSTANCE is "1x": must be 3 to 16 letters'],
  [{ ECS_ENDPOINT: 'ecs.local' }, 'ECS_ENDPOINT is "ecs.local": must be a URL'],
  [
    { SMQ_ENDPOINT: 'http://mns.example.com' },
    'SMQ_ENDPOINT is "http://mns.example.com": must be https, or http of a loopback host',
  ],
  [{ ECS_ENDPOINT: 'http://127.0.0.1.example.com' }, 'must be https, or http of a loopback host'],
  [{ TABLESTORE_ENDPOINT: 'https://a.example/b' }, 'must be a URL of a host, without a path'],
  [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL is "loud": must be one of debug, info, warn, error'],
  [{ WEBHOOK_SECRETS: ' ' }, 'WEBHOOK_SECRETS is missing'],
])('%j fails the start with one line', ([change, line], { expect }) => {
  const lines = linesOf(change);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain(line);
  expect(lines[0]).toMatch(/^Cannot start: /);
});

test('a secret with a fault is named by its place and never shown', ({ expect }) => {
  const lines = linesOf({ WEBHOOK_SECRETS: `${SECRETS[0]} whsec_aHVzaA== hush-hush` });
  expect(lines).toHaveLength(2);
  expect(lines[0]).toContain('WEBHOOK_SECRETS has a fault in its secret 2');
  expect(lines[1]).toContain('secret 3');
  expect(lines.join()).not.toMatch(/aHVzaA|hush/);
});

test('all faults are named at once', ({ expect }) => {
  expect(linesOf({ REGION_ID: '', SMQ_QUEUE: '', LOG_LEVEL: 'x' })).toHaveLength(3);
});

test('the secret of the health gate is in the variable that the policy names', ({ expect }) => {
  const key = Buffer.from('g'.repeat(32));
  const readGate = (value: string | undefined) =>
    readEnvironment(anEnv({ GATE_SECRET: value }), {
      accountId: '1000000000000000',
      webhookSecrets: 'unused',
      gateSecretName: 'GATE_SECRET',
    });
  expect(readGate(`whsec_${key.toString('base64')}`)).toMatchObject({ gateSecret: { key } });
  expect(() => readGate(undefined)).toThrow('Cannot start: GATE_SECRET is missing');
  expect(() => readGate('')).toThrow('Cannot start: GATE_SECRET is missing');
  expect(() => readGate('whsec_aHVzaA==')).toThrow(
    /^Cannot start: GATE_SECRET has a fault(?!.*aHVz)/,
  );
});
