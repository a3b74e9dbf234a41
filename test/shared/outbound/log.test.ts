import { test } from 'vitest';
import { LatchkeyError } from '../../../shared/domain/model/errors.ts';
import type { LogLevel } from '../../../shared/domain/model/ports.ts';
import { jsonLog } from '../../../shared/outbound/log.ts';

const NOW_MS = Date.UTC(2026, 10, 24);

function aLog(level: LogLevel = 'debug', base = {}) {
  const lines: string[] = [];
  const log = jsonLog({ level, base, nowMs: () => NOW_MS, write: (line) => void lines.push(line) });
  return { log, lines, last: () => JSON.parse(lines.at(-1) ?? 'null') };
}

test('a line is one JSON object with time, level, event and fields', async ({ expect }) => {
  const { log, lines, last } = aLog('info', { requestId: '1-2' });
  log('info', 'rollout.created', { count: 3, note: 'two\nlines', gone: undefined, none: null });
  expect(last()).toEqual({
    ts: '2026-11-24T00:00:00.000Z',
    level: 'info',
    event: 'rollout.created',
    requestId: '1-2',
    count: 3,
    note: 'two\nlines',
    none: null,
  });
  expect(lines[0]).not.toContain('\n');
});

test('lines below the level are left out', async ({ expect }) => {
  const { log, lines } = aLog('warn');
  log('info', 'a');
  log('error', 'b');
  expect(lines).toHaveLength(1);
});

test('a field cannot take the place of time, level or event', async ({ expect }) => {
  const { log, last } = aLog();
  log('info', 'real', { level: 'fake', event: 'fake', ts: 'fake' });
  expect(last()).toMatchObject({ level: 'info', event: 'real', ts: '2026-11-24T00:00:00.000Z' });
});

test('secrets are removed by field name, at any depth', async ({ expect }) => {
  const { log, lines, last } = aLog();
  log('info', 'x', {
    accessKeySecret: 'hush1',
    headers: { Authorization: 'hush2', 'webhook-signature': 'hush3', Cookie: 'hush4', host: 'h' },
    list: [{ securityToken: 'hush5', response_url: 'hush6', access_key_id: 'hush7' }],
    keyPairName: 'ops-2026',
  });
  expect(lines[0]).not.toContain('hush');
  expect(last()).toMatchObject({ headers: { host: 'h' }, keyPairName: 'ops-2026' });
});

test.for<[string, string, string]>([
  ['an AccessKey id', 'LTAI5tExampleExample1234', 'key '],
  ['an STS key id', 'STS.NUgExampleExample', ''],
  ['a webhook secret', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', ''],
  ['a webhook signature', 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=', ''],
  ['a private key', '-----BEGIN RSA PRIVATE KEY-----\nMIIEabc\n-----END RSA PRIVATE KEY-----', ''],
  ['a private key cut short', '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk', ''],
  ['an STS token', `CAIS${'aB3/'.repeat(20)}`, ''],
  ['an STS token in what was signed', `SecurityToken%3DCAIS${'aB3'.repeat(20)}%253D`, 'GET&%2F&'],
  ['any token in what was signed', 'x-acs-security-token:hush-hush-hush', '\\n'],
  [
    'an ACS3 signature',
    'Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0',
    '',
  ],
  ['an SMQ authorization', 'MNS someid:uwx3yeWoILzgmvesW0BQSgfM7b8=', ''],
  [
    'a robot token in a URL',
    'access_token=0123456789abcdef',
    'https://oapi.dingtalk.com/robot/send?',
  ],
  ["Slack's token of a bot", `xoxb-${'1234567890'.repeat(2)}-AbCdEfGh`, ''],
  [
    'where Slack takes answers',
    'https://hooks.slack.com/commands/T0001/397700885554/96rGlfmibIGlgcZR',
    '',
  ],
  [
    'where DingTalk takes answers',
    'session=0123456789abcdef',
    'https://oapi.dingtalk.com/robot/sendBySession?',
  ],
  ["DingTalk's path", '/chat/dingtalk/hush-hush-hush-hush', ''],
  ['a button', `v1.${'eyJyaWQi'.repeat(8)}.${'Ab0_-'.repeat(8)}xyz`, ''],
  ['a hook in a URL', '/hook/0a1b2c3d-0000', 'https://open.feishu.cn/open-apis/bot/v2'],
])('%s is taken out of any text', async ([, secret, before], { expect }) => {
  const { log, lines } = aLog();
  log('error', 'x', { text: `before ${before}${secret} after`, error: new Error(`no ${secret}!`) });
  const tail = secret.slice(-12);
  expect(lines[0]).not.toContain(JSON.stringify(tail).slice(1, -1));
  expect(lines[0]).toContain('before');
});

test('an error is written with code, vendor code and all its causes', async ({ expect }) => {
  const { log, last } = aLog();
  const reset = Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
  const error = new LatchkeyError('unavailable', 'Cannot AttachKeyPair: broken', {
    cause: reset,
    vendorCode: 'ECONNRESET',
    requestId: 'R-1',
  });
  log('warn', 'ecs.failed', { error });
  expect(last().error).toMatchObject({
    name: 'LatchkeyError',
    code: 'unavailable',
    message: 'Cannot AttachKeyPair: broken',
    vendorCode: 'ECONNRESET',
    requestId: 'R-1',
    cause: { name: 'Error', code: 'ECONNRESET', message: 'socket hang up' },
  });
});

test('a line never grows beyond what the platform keeps', async ({ expect }) => {
  const { log, lines, last } = aLog();
  log('info', 'big', { list: Array.from({ length: 90 }, () => '"\\\u0001é'.repeat(400)) });
  expect(Buffer.byteLength(lines[0] ?? '')).toBeLessThanOrEqual(32_000);
  expect(last()).toMatchObject({ event: 'big', cut: true });
});

test('nothing that is logged makes it throw', async ({ expect }) => {
  const { log, lines } = aLog();
  const loop: Record<string, unknown> = { big: 1n, fn: () => 1, when: new Date(Number.NaN) };
  for (let i = 0; i < 50; i++) loop[`self${i}`] = loop;
  log('info', 'loop', loop);
  const trap = {
    get field(): never {
      throw new Error('no');
    },
  };
  log('info', 'trap', { trap });
  expect(lines).toHaveLength(2);
  const deaf = jsonLog({
    level: 'info',
    write: () => {
      throw new Error('no disk');
    },
  });
  expect(() => deaf('info', 'x')).not.toThrow();
});
