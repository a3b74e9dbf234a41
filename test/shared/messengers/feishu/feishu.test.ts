import { createCipheriv, createHash } from 'node:crypto';
import fc from 'fast-check';
import { test } from 'vitest';
import { LatchkeyError } from '../../../../shared/domain/model/errors.ts';
import {
  decryptFeishu,
  feishuSignature,
  isSignedByFeishu,
} from '../../../../shared/messengers/feishu/feishu-crypto.ts';
import { readFeishu } from '../../../../shared/messengers/feishu/feishu-in.ts';
import { readHttpEvent } from '../../../../shared/inbound/fc.ts';
import { NOW_MS } from '../../../models/builders.ts';
import {
  aFeishuEvent,
  CHAT_SECRETS,
  encryptFeishu,
  feishuClick,
  feishuLine,
} from '../../../support/chat-requests.ts';
import { vectorsOf } from '../../../support/vectors.ts';

interface Vectors {
  readonly decrypt: readonly {
    readonly name: string;
    readonly encrypt_key: string;
    readonly encrypt: string;
    readonly plain: string;
  }[];
  readonly signature_computed_here: {
    readonly timestamp: string;
    readonly nonce: string;
    readonly encrypt_key: string;
    readonly body: string;
    readonly signature: string;
  };
  readonly url_verification: {
    readonly plain: { readonly challenge: string; readonly token: string };
    readonly response: { readonly challenge: string };
  };
}
const files = vectorsOf<Vectors>('feishu.json');
const ciphers = files.flatMap(({ decrypt }) => decrypt);
const signed = files.map((file) => file.signature_computed_here);

const APP = {
  tenantKey: 'tenant0001',
  appId: 'cli_0001',
  encryptKey: CHAT_SECRETS.FEISHU_ENCRYPT_KEY,
  verificationToken: CHAT_SECRETS.FEISHU_VERIFICATION_TOKEN,
};
const UNSIGNED = { code: 'unsigned' };
const read = (event: Buffer, nowMs = NOW_MS) => readFeishu(readHttpEvent(event), APP, nowMs);

test.for(ciphers)('decrypted: $name', ({ encrypt_key, encrypt, plain }, { expect }) => {
  expect(decryptFeishu(encrypt, encrypt_key)?.toString('utf8')).toBe(plain);
});

test.for(['', 'AAAA', '%%%', 'P37w+VZImNgPEO1RBhJ6RtKl7n6zymIbEG1pReEz', 'A'.repeat(64)])(
  'what this key did not encrypt is nothing: %s',
  (encrypt, { expect }) => {
    expect(decryptFeishu(encrypt, 'test key')).toBeUndefined();
  },
);

test('another key reads nothing of it', ({ expect }) => {
  expect(decryptFeishu(ciphers[0]!.encrypt, 'other key')).toBeUndefined();
});

test('any text that was encrypted is read back, whole', ({ expect }) => {
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), (ascii) => {
      const text = `密钥${ascii}`;
      const plain = decryptFeishu(encryptFeishu(text), APP.encryptKey);
      expect(plain?.toString('utf8')).toBe(text);
    }),
  );
});

test.for(signed)('a signature holds within five minutes, over the raw bytes', (of, { expect }) => {
  const { timestamp, nonce, encrypt_key: encryptKey, body, signature } = of;
  expect(feishuSignature({ timestamp, nonce, encryptKey, body: Buffer.from(body) })).toBe(
    signature,
  );
  const isSigned = (over: {
    readonly offsetSec?: number;
    readonly body?: string;
    readonly headers?: Readonly<Record<string, string>>;
  }) =>
    isSignedByFeishu({
      headers: {
        'x-lark-request-timestamp': timestamp,
        'x-lark-request-nonce': nonce,
        'x-lark-signature': signature,
        ...over.headers,
      },
      body: Buffer.from(over.body ?? body),
      encryptKey,
      nowMs: (Number(timestamp) + (over.offsetSec ?? 0)) * 1_000,
    });
  expect([0, 300, -300].map((offsetSec) => isSigned({ offsetSec }))).toEqual([true, true, true]);
  expect([301, -301].map((offsetSec) => isSigned({ offsetSec }))).toEqual([false, false]);
  expect(isSigned({ body: body.replace(':', ': ') })).toBe(false);
  expect(isSigned({ headers: { 'x-lark-signature': signature.toUpperCase() } })).toBe(false);
  expect(isSigned({ headers: { 'x-lark-signature': '' } })).toBe(false);
  expect(isSigned({ headers: { 'x-lark-request-nonce': '' } })).toBe(false);
  // The three parts run into each other: where one ends is for the forms to say.
  const shifted = {
    'x-lark-request-timestamp': timestamp.slice(0, -1),
    'x-lark-request-nonce': `${timestamp.at(-1)}${nonce}`,
  };
  expect(isSigned({ headers: shifted })).toBe(false);
});

test('a timestamp is ten digits, whatever the nonce begins with', ({ expect }) => {
  const [encryptKey, body] = ['a key of tests', Buffer.from('{}')];
  const signature = feishuSignature({ timestamp: '1599360473', nonce: '.5x', encryptKey, body });
  const isSigned = (timestamp: string, nonce: string) =>
    isSignedByFeishu({
      headers: {
        'x-lark-request-timestamp': timestamp,
        'x-lark-request-nonce': nonce,
        'x-lark-signature': signature,
      },
      body,
      encryptKey,
      nowMs: 1_599_360_473_000,
    });
  expect(isSigned('1599360473', '.5x')).toBe(true);
  expect(isSigned('1599360473.5', 'x')).toBe(false);
});

test('padding of which one byte is another is none', ({ expect }) => {
  const key = createHash('sha256').update('test key').digest();
  const cipher = createCipheriv('aes-256-cbc', key, Buffer.alloc(16)).setAutoPadding(false);
  const padded = Buffer.from([...Buffer.from('hello, world'), 9, 4, 4, 4]);
  const sealed = Buffer.concat([Buffer.alloc(16), cipher.update(padded), cipher.final()]);
  expect(decryptFeishu(sealed.toString('base64'), 'test key')).toBeUndefined();
});

test('a message says who wrote what, where and when, without the mention', ({ expect }) => {
  const place = { platform: 'feishu', tenant: 'tenant0001', channel: 'oc_1' };
  expect(read(aFeishuEvent(feishuLine('status')))).toEqual({
    kind: 'line',
    account: { platform: 'feishu', tenant: 'tenant0001', user: 'ou_alice' },
    place,
    text: 'status',
    id: 'om_1',
    atMs: NOW_MS - 400,
    replyTo: { place, user: 'ou_alice', url: '', untilMs: 0, messageId: 'om_1' },
  });
});

test('a press of a button says who pressed which, where', ({ expect }) => {
  expect(read(aFeishuEvent(feishuClick('t')))).toMatchObject({
    kind: 'click',
    account: { platform: 'feishu', tenant: 'tenant0001', user: 'ou_alice' },
    place: { channel: 'oc_1' },
    token: 't',
    cardMessageId: 'om_card',
  });
});

test.for<[string, Record<string, unknown>]>([
  ['another app', { app_id: 'cli_0002' }],
  ['another tenant', { tenant_key: 'tenant0002' }],
  ['another verification token', { token: 'x' }],
])('a signed event of %s is as good as unsigned', ([, header], { expect }) => {
  const event = aFeishuEvent(feishuLine('status', { header }));
  expect(() => read(event)).toThrow(expect.objectContaining(UNSIGNED));
});

test.for<[string, Parameters<typeof feishuLine>[1]]>([
  ['of an app', { sender: { sender_type: 'app' } }],
  ['of somebody external', { sender: { tenant_key: 'tenant0002' } }],
  ['to a group, for nobody', { message: { mentions: [] } }],
  ['of a kind that nobody asked for', { header: { event_type: 'contact.user.created_v3' } }],
])('an event %s does nothing', ([, over], { expect }) => {
  expect(read(aFeishuEvent(feishuLine('status', over))).kind).toBe('ignored');
});

test('a message to the app alone needs no mention, and a picture is an empty line', ({
  expect,
}) => {
  const alone = { chat_type: 'p2p', mentions: [], content: '{"text":"status"}' };
  expect(read(aFeishuEvent(feishuLine('', { message: alone })))).toMatchObject({ text: 'status' });
  const picture = { message_type: 'image', content: '{"image_key":"k"}' };
  expect(read(aFeishuEvent(feishuLine('', { message: picture })))).toMatchObject({ text: '' });
});

test('an event that comes again after hours is as old as it is', ({ expect }) => {
  const createdAt = NOW_MS - 6 * 3_600_000;
  const line = feishuLine('go', { message: { create_time: String(createdAt) } });
  expect(read(aFeishuEvent(line))).toMatchObject({ atMs: createdAt });
});

const challenge = (over: object = {}) => ({
  challenge: 'ajls384kdjxxxx',
  token: APP.verificationToken,
  type: 'url_verification',
  ...over,
});
const UNSIGNED_HEADERS = {
  'X-Lark-Request-Timestamp': undefined,
  'X-Lark-Request-Nonce': undefined,
  'X-Lark-Signature': undefined,
};

test('the question whether the address is ours is answered without a signature', ({ expect }) => {
  const event = aFeishuEvent(challenge(), { headers: UNSIGNED_HEADERS });
  expect(read(event)).toEqual({
    kind: 'handshake',
    answer: { challenge: 'ajls384kdjxxxx' },
  });
});

test.for<[string, Buffer]>([
  ['a question with another token', aFeishuEvent(challenge({ token: 'xxxxxx' }))],
  [
    'a question in the clear',
    aFeishuEvent({}, { headers: UNSIGNED_HEADERS, body: JSON.stringify(challenge()) }),
  ],
  ['an event without headers', aFeishuEvent(feishuLine('go'), { headers: UNSIGNED_HEADERS })],
  [
    'an old card body that is neither encrypted nor signed',
    aFeishuEvent(
      {},
      { headers: UNSIGNED_HEADERS, body: JSON.stringify({ open_id: 'ou_alice', action: {} }) },
    ),
  ],
  [
    'an event in the clear, under a signature of something else',
    aFeishuEvent({}, { body: JSON.stringify(feishuLine('go')) }),
  ],
  ['an event of version 1', aFeishuEvent({ uuid: 'u', token: APP.verificationToken, event: {} })],
  [
    'a press of version 1',
    aFeishuEvent({ ...feishuClick('t'), schema: undefined, token: APP.verificationToken }),
  ],
  ['nonsense', aFeishuEvent({}, { headers: UNSIGNED_HEADERS, body: '{' })],
])('refused, by one and the same answer: %s', ([, event], { expect }) => {
  expect(() => read(event)).toThrow(
    new LatchkeyError(
      'unsigned',
      'Cannot accept the request: not signed by the chat platform and app that are set up',
    ),
  );
});

test('an event is refused five minutes after it was signed, and before', ({ expect }) => {
  for (const nowMs of [NOW_MS + 301_000, NOW_MS - 301_000]) {
    expect(() => read(aFeishuEvent(feishuLine('status')), nowMs)).toThrow(
      expect.objectContaining(UNSIGNED),
    );
  }
});
