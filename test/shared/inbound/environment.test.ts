import { describe, test } from 'vitest';
import { keySetsOf } from '../../../shared/inbound/console/jwks.ts';
import { readEnvironment } from '../../../shared/inbound/environment.ts';
import type { SecretNames } from '../../../shared/inbound/secrets.ts';
import { CONSOLE_RULE, JWKS } from '../../support/tokens.ts';

const KEYS = ['b', 'c', 'd', 'e'].map((letter) => Buffer.from(letter.repeat(32)));
const SECRETS = KEYS.map((key) => `whsec_${key.toString('base64')}`);

type Variables = Record<string, string | undefined>;

/** A valid environment with changes; undefined removes a variable. */
function anEnv(change: Variables = {}) {
  return {
    REGION_ID: 'cn-hangzhou',
    SMQ_QUEUE: 'latchkey-results',
    SMQ_DEAD_LETTER_QUEUE: 'latchkey-dead',
    TABLESTORE_INSTANCE: 'latchkey',
    ...change,
  };
}

const read = (change: Variables = {}, secretNames: SecretNames = {}) =>
  readEnvironment(anEnv(change), { accountId: '1000000000000000', secretNames });

function linesOf(change: Variables, secretNames: SecretNames = {}): string[] {
  try {
    read(change, secretNames);
  } catch (error) {
    return (error as Error).message.split('\n');
  }
  return [];
}

test('an endpoint that is left out is that of the region', ({ expect }) => {
  expect(read({ ECS_ENDPOINT: '' })).toEqual({
    regionId: 'cn-hangzhou',
    ecsEndpoint: undefined,
    smqEndpoint: 'https://1000000000000000.mns.cn-hangzhou.aliyuncs.com',
    smqQueue: 'latchkey-results',
    smqDeadLetterQueue: 'latchkey-dead',
    smqChatQueue: null,
    chatEndpoints: { slack: undefined, dingtalk: undefined, feishu: undefined },
    tablestoreEndpoint: 'https://latchkey.cn-hangzhou.ots.aliyuncs.com',
    tablestoreInstance: 'latchkey',
    clientSecrets: new Map(),
    gateSecrets: new Map(),
    channelSecrets: new Map(),
    buttonSecrets: new Map(),
    chatSecrets: new Map(),
    keySets: new Map(),
    logLevel: 'info',
  });
});

test('endpoints and log level are used as given', ({ expect }) => {
  expect(
    read({
      ECS_ENDPOINT: 'http://127.0.0.1:9001',
      SMQ_ENDPOINT: 'http://localhost:9002',
      TABLESTORE_ENDPOINT: 'https://latchkey.cn-hangzhou.vpc.tablestore.aliyuncs.com',
      LOG_LEVEL: 'debug',
    }),
  ).toMatchObject({
    ecsEndpoint: 'http://127.0.0.1:9001',
    smqEndpoint: 'http://localhost:9002',
    tablestoreEndpoint: 'https://latchkey.cn-hangzhou.vpc.tablestore.aliyuncs.com',
    logLevel: 'debug',
  });
});

test.for<[Variables, string]>([
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
  [{ SMQ_CHAT_QUEUE: 'a_b' }, 'SMQ_CHAT_QUEUE is "a_b": must be 1 to 120 letters'],
  [
    { SLACK_ENDPOINT: 'https://slack.example.com' },
    'SLACK_ENDPOINT is "https://slack.example.com": must be a URL of a loopback host, or left out',
  ],
  [{ DINGTALK_ENDPOINT: 'http://10.0.0.1' }, 'must be'],
  [{ FEISHU_ENDPOINT: 'http://127.0.0.1:9010/x' }, 'must be a URL of a host, without a path'],
  [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL is "loud": must be one of debug, info, warn, error'],
])('%j fails the start with one line', ([change, line], { expect }) => {
  const lines = linesOf(change);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain(line);
  expect(lines[0]).toMatch(/^Cannot start: /);
});

test('every fault has a line', ({ expect }) => {
  const faults = linesOf(
    { REGION_ID: '', SMQ_QUEUE: '', LOG_LEVEL: 'x' },
    { clients: [{ id: 'ci', secretNames: ['CI_SECRETS'] }], gates: ['GATE_SECRET'] },
  );
  expect(faults).toHaveLength(5);
});

const TWO: SecretNames = {
  clients: [
    { id: 'ci', secretNames: ['CI_SECRETS', 'CI_NEXT'] },
    { id: 'ops', secretNames: ['OPS_SECRETS'] },
  ],
};

test('each client has the secrets of all its variables, and no others', ({ expect }) => {
  const { clientSecrets } = read(
    { CI_SECRETS: `${SECRETS[0]},\n ${SECRETS[1]}`, CI_NEXT: SECRETS[2], OPS_SECRETS: SECRETS[3] },
    TWO,
  );
  expect(clientSecrets).toEqual(
    new Map([
      ['ci', [{ key: KEYS[0] }, { key: KEYS[1] }, { key: KEYS[2] }]],
      ['ops', [{ key: KEYS[3] }]],
    ]),
  );
});

test('a secret that the function does not need is not read', ({ expect }) => {
  expect(read({ CI_SECRETS: 'no secret at all' })).toMatchObject({ clientSecrets: new Map() });
});

test.for<[string | undefined, string]>([
  [undefined, 'OPS_SECRETS is missing'],
  ['', 'OPS_SECRETS is missing'],
  [' , ', 'OPS_SECRETS is missing'],
  ['whsec_aHVzaA==', 'OPS_SECRETS has a fault in its secret 1'],
  [`${SECRETS[3]} hush-hush`, 'OPS_SECRETS has a fault in its secret 2'],
  [SECRETS[2], 'OPS_SECRETS shares its secret 1 with client "ci"'],
  [`${SECRETS[3]} ${SECRETS[0]!.replace(/=+$/, '')}`, 'OPS_SECRETS shares its secret 2 with'],
])(
  '%s as secrets of the second client fails the start and is never shown',
  ([value, line], { expect }) => {
    const lines = linesOf({ CI_SECRETS: SECRETS[0], CI_NEXT: SECRETS[2], OPS_SECRETS: value }, TWO);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(`Cannot start: ${line}`);
    expect(lines[0]).not.toMatch(/aHVzaA|hush|YmJi|ZGRk/);
  },
);

test('one client may have the same secret in two variables', ({ expect }) => {
  const change = { CI_SECRETS: SECRETS[0], CI_NEXT: SECRETS[0], OPS_SECRETS: SECRETS[3] };
  expect(linesOf(change, TWO)).toEqual([]);
});

test('secrets of health gates and channels are found by their variables', ({ expect }) => {
  const names = { gates: ['GATE_SECRET', 'GATE_SECRET'], channels: ['PAGER_SECRETS'] };
  expect(
    read({ GATE_SECRET: SECRETS[0], PAGER_SECRETS: `${SECRETS[1]} ${SECRETS[2]}` }, names),
  ).toMatchObject({
    clientSecrets: new Map(),
    gateSecrets: new Map([['GATE_SECRET', { key: KEYS[0] }]]),
    channelSecrets: new Map([['PAGER_SECRETS', [{ key: KEYS[1] }, { key: KEYS[2] }]]]),
  });
  expect(linesOf({ GATE_SECRET: `${SECRETS[0]} ${SECRETS[1]}` }, names)).toEqual([
    'Cannot start: GATE_SECRET has more than one secret: a question to a health gate has one signature',
    'Cannot start: PAGER_SECRETS is missing: the policy needs one or more secrets, each "whsec_" and base64',
  ]);
});

test('the chat queue and a loopback host of a chat platform are used as given', ({ expect }) => {
  const chat = { SMQ_CHAT_QUEUE: 'latchkey-chat', SLACK_ENDPOINT: 'http://127.0.0.1:9010' };
  expect(read(chat)).toMatchObject({
    smqChatQueue: 'latchkey-chat',
    chatEndpoints: { slack: 'http://127.0.0.1:9010', dingtalk: undefined },
  });
});

test('secrets of chats are found by their variables, unchanged', ({ expect }) => {
  const names: SecretNames = {
    buttons: ['CHAT_BUTTON_SECRET'],
    chat: [
      { name: 'FEISHU_ENCRYPT_KEY' },
      { name: 'DINGTALK_PATH_SECRET', kind: 'path' },
      { name: 'DINGTALK_AES_KEY', kind: 'aes-key' },
    ],
  };
  const change = {
    CHAT_BUTTON_SECRET: `${SECRETS[0]} ${SECRETS[1]}`,
    FEISHU_ENCRYPT_KEY: 'test key',
    DINGTALK_PATH_SECRET: 'p'.repeat(16),
    DINGTALK_AES_KEY: 'A'.repeat(43),
  };
  expect(read(change, names)).toMatchObject({
    buttonSecrets: new Map([['CHAT_BUTTON_SECRET', [{ key: KEYS[0] }, { key: KEYS[1] }]]]),
    chatSecrets: new Map([
      ['FEISHU_ENCRYPT_KEY', 'test key'],
      ['DINGTALK_PATH_SECRET', 'p'.repeat(16)],
      ['DINGTALK_AES_KEY', 'A'.repeat(43)],
    ]),
  });
});

test.for<[kind: 'text' | 'path' | 'aes-key', value: string | undefined, line: string]>([
  ['text', undefined, 'is missing: the policy needs it'],
  ['text', '', 'is missing: the policy needs it'],
  ['text', '        ', 'must be 8 to 512 plain characters'],
  ['text', 'hush-hu', 'must be 8 to 512 plain characters'],
  ['text', 'hush-hush-hush ', 'must be 8 to 512 plain characters'],
  ['text', 'hush-hush\nhush', 'must be 8 to 512 plain characters'],
  ['path', 'hush-hush', 'must be 16 to 128 letters'],
  ['path', 'hush/hush/hush/hush', 'must be 16 to 128 letters'],
  ['aes-key', 'hush-hush', 'must be 43 characters of base64'],
])(
  'as a secret of kind %s %j fails the start and is never shown',
  ([kind, value, line], { expect }) => {
    const secret = { name: 'A_SECRET', ...(kind === 'text' ? {} : { kind }) };
    const lines = linesOf({ A_SECRET: value }, { chat: [secret] });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(`Cannot start: A_SECRET ${line}`);
    expect(lines[0]).not.toContain('hush');
  },
);

describe('the key set of the console', () => {
  const keySets = keySetsOf({ console: CONSOLE_RULE });

  test('is read only where it is needed', ({ expect }) => {
    expect(read({ CONSOLE_JWKS: JWKS }, { keySets }).keySets).toEqual(
      new Map([['CONSOLE_JWKS', JWKS]]),
    );
    expect(read({ CONSOLE_JWKS: 'nonsense' }).keySets).toEqual(new Map());
  });

  test.for([
    [undefined, 'is missing: the policy needs it'],
    ['', 'is missing: the policy needs it'],
    ['hush-hush', 'must be a JSON Web Key Set, {"keys": […]}, of 1 to 16 keys'],
    [
      '{"keys":[{"alg":"EdDSA","d":"hush-hush"}]}',
      'has a private key: only public keys belong here',
    ],
  ] as const)('%j fails the start and is never shown', ([value, why], { expect }) => {
    expect(linesOf({ CONSOLE_JWKS: value }, { keySets })).toEqual([
      `Cannot start: CONSOLE_JWKS ${why}`,
    ]);
  });
});
