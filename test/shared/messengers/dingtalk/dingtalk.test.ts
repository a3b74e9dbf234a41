import fc from 'fast-check';
import { test } from 'vitest';
import {
  cardSignature,
  decryptDingTalk,
  robotSignature,
  verifyCardCallback,
  verifyRobot,
} from '../../../../shared/messengers/dingtalk/dingtalk-crypto.ts';
import {
  readCardClick,
  readRobotMessage,
} from '../../../../shared/messengers/dingtalk/dingtalk-in.ts';
import { NOW_MS } from '../../../models/builders.ts';
import {
  CHAT_SECRETS,
  DINGTALK_LINE,
  dingTalkClick,
  dingTalkLine,
  encryptDingTalk,
} from '../../../support/chat-requests.ts';
import { vectorsOf } from '../../../support/vectors.ts';

interface Vectors {
  readonly robot_sign_computed_here: readonly {
    readonly timestamp: string;
    readonly appSecret: string;
    readonly sign: string;
    readonly sign_urlencoded: string;
  }[];
  readonly card_callback_sign_computed_here: readonly Readonly<Record<string, string>>[];
  readonly event_callback_crypto: readonly {
    readonly name: string;
    readonly aes_key: string;
    readonly encrypt: string;
    readonly plain: string;
  }[];
  readonly robot_message_example: object;
  readonly card_callback_example: object;
}
const files = vectorsOf<Vectors>('dingtalk.json');
const signs = files.flatMap((file) => file.robot_sign_computed_here);
const cardSigns = files.flatMap((file) => file.card_callback_sign_computed_here);
const ciphers = files.flatMap((file) => file.event_callback_crypto);

const APP = { corpId: 'ding0001', robotCode: 'robot0001', endpoint: undefined };
const UNSIGNED = { code: 'unsigned' };
const bytes = (fields: object) => Buffer.from(JSON.stringify(fields));
const read = (fields: object, app: Parameters<typeof readRobotMessage>[1] = APP) =>
  readRobotMessage(bytes(fields), app, NOW_MS);

test.for(signs)(
  'a robot signature at $timestamp holds within five minutes',
  ({ timestamp, appSecret, sign }, { expect }) => {
    const verify = (offsetMs: number) =>
      verifyRobot({ timestamp, sign }, appSecret, Number(timestamp) + offsetMs);
    expect(verify(0)).toBe(sign);
    expect(verify(300_000)).toBe(sign);
    expect(verify(-300_000)).toBe(sign);
    for (const offsetMs of [300_001, -300_001, 3_600_001]) {
      expect(() => verify(offsetMs)).toThrow(expect.objectContaining(UNSIGNED));
    }
  },
);

test.for(signs)('what is not exactly that signature is refused', (vector, { expect }) => {
  const { timestamp, appSecret, sign, sign_urlencoded } = vector;
  const nowMs = Number(timestamp);
  const headers: Record<string, string>[] = [
    { timestamp },
    { sign },
    { timestamp, sign: '' },
    { timestamp, sign: sign_urlencoded },
    { timestamp, sign: sign.toLowerCase() },
    { timestamp, sign: `${sign},${sign}` },
    { timestamp: String(nowMs + 1), sign },
  ];
  for (const one of headers) {
    expect(() => verifyRobot(one, appSecret, nowMs)).toThrow(expect.objectContaining(UNSIGNED));
  }
  expect(() => verifyRobot({ timestamp, sign }, `${appSecret}.`, nowMs)).toThrow(
    expect.objectContaining(UNSIGNED),
  );
  // Of the right secret, over seconds in place of milliseconds.
  const seconds = timestamp.slice(0, 10);
  const headersInSeconds = { timestamp: seconds, sign: robotSignature(appSecret, seconds) };
  expect(() => verifyRobot(headersInSeconds, appSecret, Number(seconds))).toThrow(
    expect.objectContaining(UNSIGNED),
  );
});

test.for(cardSigns)('a card signature holds within five minutes', (vector, { expect }) => {
  const timestamp = vector['x-ddpaas-signature-timestamp']!;
  const secret = vector['apiSecret']!;
  const signature = vector['x-ddpaas-signature']!;
  expect(cardSignature(secret, timestamp)).toBe(signature);
  const headers = {
    'x-ddpaas-signature-timestamp': timestamp,
    'x-ddpaas-signature': signature,
  };
  expect(verifyCardCallback(headers, secret, Number(timestamp))).toBe(signature);
  for (const [secretGiven, nowMs] of [
    [secret, Number(timestamp) + 300_001],
    [secret, Number(timestamp) - 300_001],
    ['another', Number(timestamp)],
  ] as const) {
    expect(() => verifyCardCallback(headers, secretGiven, nowMs)).toThrow(
      expect.objectContaining(UNSIGNED),
    );
  }
});

test.for(ciphers)('what $name encrypted is read', ({ aes_key, encrypt, plain }, { expect }) => {
  expect(decryptDingTalk(encrypt, aes_key)?.toString('utf8')).toBe(plain);
});

test.for(['', 'AAAA', '%%%', 'A'.repeat(64), encryptDingTalk('{}', 'x'.repeat(43))])(
  'what this key did not encrypt is nothing: %s',
  (encrypt, { expect }) => {
    expect(decryptDingTalk(encrypt, CHAT_SECRETS.DINGTALK_AES_KEY)).toBeUndefined();
  },
);

test('any text that was encrypted is read back, whole', ({ expect }) => {
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), (ascii) => {
      const text = `密钥${ascii}`;
      const plain = decryptDingTalk(encryptDingTalk(text), CHAT_SECRETS.DINGTALK_AES_KEY);
      expect(plain?.toString('utf8')).toBe(text);
    }),
  );
});

test('a message says who wrote what, where, when, and where the answer goes', ({ expect }) => {
  const place = { platform: 'dingtalk', tenant: 'ding0001', channel: 'cid0001==' };
  expect(read(dingTalkLine('  status '))).toEqual({
    kind: 'line',
    account: { platform: 'dingtalk', tenant: 'ding0001', user: 'alice01' },
    place,
    text: 'status',
    id: 'msg0001==',
    atMs: NOW_MS - 400,
    replyTo: {
      place,
      user: 'alice01',
      url: 'https://oapi.dingtalk.com/robot/sendBySession?session=abc',
      untilMs: NOW_MS + 5_400_060,
      messageId: '',
    },
  });
});

test("the documentation's message is read", ({ expect }) => {
  const app = { ...APP, corpId: 'dinge8a565xxxx', robotCode: 'r' };
  const example = { ...files[0]!.robot_message_example, robotCode: 'r' };
  expect(read(example, app)).toMatchObject({
    kind: 'line',
    text: '你好',
    account: { user: 'user123' },
    atMs: 1_613_630_252_678,
  });
});

test.for<[string, object]>([
  ['to a robot of another organization', { chatbotCorpId: 'ding0002' }],
  ['to another robot', { robotCode: 'robot0002' }],
])('a message %s is as good as unsigned', ([, over], { expect }) => {
  expect(() => read({ ...DINGTALK_LINE, ...over })).toThrow(expect.objectContaining(UNSIGNED));
});

test.for<[string, object]>([
  ['of another organization', { senderCorpId: 'ding0002' }],
  ['of somebody external', { senderStaffId: undefined }],
  ['of somebody without an id', { senderStaffId: '' }],
])('a message %s does nothing', ([, over], { expect }) => {
  expect(read({ ...DINGTALK_LINE, ...over })).toEqual({
    kind: 'ignored',
    why: 'of nobody in the organization',
  });
});

test('what is no text is an empty line, and nobody writes in the future', ({ expect }) => {
  const over = { msgtype: 'picture', text: undefined, createAt: NOW_MS + 60_000 };
  expect(read({ ...DINGTALK_LINE, ...over })).toMatchObject({ text: '', atMs: NOW_MS });
});

test.for([
  'https://oapi.dingtalk.com.evil.example/robot/sendBySession?session=x',
  'http://oapi.dingtalk.com/robot/sendBySession?session=x',
  'https://oapi.dingtalk.com@169.254.169.254/robot/sendBySession',
  'https://oapi.dingtalk.com/robot/send?access_token=x',
  'https://100.100.100.200/latest/meta-data/',
])('no answer goes to %s', (sessionWebhook, { expect }) => {
  expect(read({ ...DINGTALK_LINE, sessionWebhook })).toMatchObject({
    kind: 'line',
    replyTo: { url: '', untilMs: 0 },
  });
});

test('with a key only what it encrypted is taken', ({ expect }) => {
  const app = { ...APP, aesKey: CHAT_SECRETS.DINGTALK_AES_KEY };
  const sealed = { encrypt: encryptDingTalk(JSON.stringify(dingTalkLine('status'))) };
  expect(read(sealed, app)).toMatchObject({ kind: 'line', text: 'status' });
  const other = { encrypt: encryptDingTalk('{}', 'x'.repeat(43)) };
  for (const fields of [DINGTALK_LINE, other, { encrypt: 'AAAA' }]) {
    expect(() => read(fields, app)).toThrow(expect.objectContaining(UNSIGNED));
  }
});

test('a press of a button says who pressed which, and not where', ({ expect }) => {
  expect(readCardClick(bytes(dingTalkClick('t')), APP, NOW_MS)).toEqual({
    kind: 'click',
    account: { platform: 'dingtalk', tenant: 'ding0001', user: 'alice01' },
    place: null,
    token: 't',
    atMs: NOW_MS,
    replyTo: null,
    cardMessageId: 'lk-1',
  });
});

test('the name that an older page gives to the content is taken as well', ({ expect }) => {
  const { content, ...rest } = dingTalkClick('t');
  expect(readCardClick(bytes({ ...rest, value: content }), APP, NOW_MS)).toMatchObject({
    token: 't',
  });
});

test("the documentation's press is of no button of ours", ({ expect }) => {
  const app = { ...APP, corpId: 'dingXXXXXX' };
  const click = readCardClick(bytes(files[0]!.card_callback_example), app, NOW_MS);
  expect(click).toEqual({ kind: 'ignored', why: 'no button of ours' });
});

test('a press in another organization is as good as unsigned, and nonsense cannot be read', ({
  expect,
}) => {
  const press = (over: object) =>
    readCardClick(bytes({ ...dingTalkClick('t'), ...over }), APP, NOW_MS);
  expect(() => press({ corpId: 'ding0002' })).toThrow(expect.objectContaining(UNSIGNED));
  expect(() => press({ content: 'not json' })).toThrow(
    expect.objectContaining({ code: 'bad-request' }),
  );
});
