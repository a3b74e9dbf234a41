import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'vitest';
import { LatchkeyError } from '../../../shared/domain/model/errors.ts';
import { parseWebhookSecret } from '../../../shared/contract/webhook-secret.ts';
import { signWebhook, verifyWebhook } from '../../../shared/contract/webhook-signature.ts';

interface SignedVector {
  readonly name: string;
  readonly secret: string;
  readonly id: string;
  readonly timestamp: number;
  readonly payload: string;
  readonly signature: string;
}
interface Variation {
  readonly name: string;
  readonly base?: number;
  readonly drop?: readonly string[];
  readonly set?: Readonly<Record<string, string>>;
  readonly secret?: string;
  /** Seconds from the vector's timestamp to now. */
  readonly now_offset?: number;
}
interface Vectors {
  readonly signing: readonly SignedVector[];
  readonly negative: readonly Variation[];
  readonly positive_extra: readonly Variation[];
  readonly bad_secrets: readonly (string | null)[];
}

const ROOT = resolve(import.meta.dirname, '../../..');
/** The project's own copy, and a newer one where there is one beside the repository. */
const vectors: readonly Vectors[] = [
  resolve(ROOT, 'test/fixtures/standard-webhooks.json'),
  resolve(ROOT, '../shared/vectors/standard-webhooks.json'),
]
  .filter((path) => existsSync(path))
  .map((path) => JSON.parse(readFileSync(path, 'utf8')));

/** The first signing vector as a request, changed as `variation` says. */
function requestOf(file: Vectors, variation: Variation) {
  const vector = file.signing[variation.base ?? 0]!;
  const headers: Record<string, string> = {
    'webhook-id': vector.id,
    'webhook-timestamp': String(vector.timestamp),
    'webhook-signature': vector.signature,
    ...variation.set,
  };
  for (const name of variation.drop ?? []) delete headers[name];
  return {
    headers,
    body: Buffer.from(vector.payload),
    secrets: [parseWebhookSecret(vector.secret)],
    nowMs: (vector.timestamp + (variation.now_offset ?? 0)) * 1_000,
  };
}

const UNSIGNED = 'Cannot accept the request: not signed by a known secret within 5 minutes';

function refusalOf(run: () => unknown): unknown {
  try {
    run();
    return 'accepted';
  } catch (error) {
    if (!(error instanceof LatchkeyError)) throw error;
    return `${error.code}: ${error.message}`;
  }
}

const signing = vectors.flatMap((file) => file.signing);
test.for(signing)('signs as the reference libraries do: $name', (vector, { expect }) => {
  const secret = parseWebhookSecret(vector.secret);
  const { id, timestamp: timestampSec, payload: body } = vector;
  const signed = signWebhook({ secret, id, timestampSec, body });
  expect(signed['webhook-signature']).toBe(vector.signature);
});

const negative = vectors.flatMap((file) => file.negative.map((it) => ({ file, ...it })));
test.for(negative)('refuses: $name', (variation, { expect }) => {
  const request = requestOf(variation.file, variation);
  expect(refusalOf(() => verifyWebhook(request))).toBe(`unsigned: ${UNSIGNED}`);
});

const positive = vectors.flatMap((file) =>
  file.positive_extra.filter(({ secret }) => secret === undefined).map((it) => ({ file, ...it })),
);
test.for(positive)('accepts: $name', (variation, { expect }) => {
  const request = requestOf(variation.file, variation);
  expect(verifyWebhook(request).id).toBe(request.headers['webhook-id']);
});

const badSecrets = vectors.flatMap((file) => [
  ...file.bad_secrets.filter((secret) => secret !== null),
  // Valid for the reference libraries; ours wants to be sure that it is a secret.
  ...file.positive_extra.flatMap(({ secret }) => (secret === undefined ? [] : [secret])),
]);
test.for([
  ...badSecrets,
  'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa', // 23 bytes
  `whsec_${Buffer.alloc(65, 1).toString('base64')}`,
  'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS-',
  'whsec_MfKQ9r8GKYqrTwjU PD8ILPZIo2LaLaSw',
])('refuses the secret "%s" without repeating it', (text, { expect }) => {
  let message = '';
  try {
    parseWebhookSecret(text);
  } catch (error) {
    message = (error as Error).message;
  }
  expect(message).toMatch(/^Cannot use the webhook secret: /);
  if (text.length > 'whsec_'.length) expect(message).not.toContain(text.slice(-6));
});

const NOW_SEC = 1_795_489_305;
const [OLD, NEW] = [1, 2].map((fill) =>
  parseWebhookSecret(`whsec_${Buffer.alloc(24, fill).toString('base64')}`),
);

/** A request signed with `NEW` now, changed in its headers. */
function aRequest(body: Uint8Array | string = '{}', headers: Record<string, string> = {}) {
  const signed = signWebhook({ secret: NEW!, id: 'msg_1', timestampSec: NOW_SEC, body });
  return {
    headers: { ...signed, ...headers } as Record<string, string>,
    body: Buffer.from(body),
    secrets: [OLD!, NEW!],
    nowMs: NOW_SEC * 1_000,
  };
}

test('any of several secrets may have signed, and it is told which one did', ({ expect }) => {
  expect(verifyWebhook(aRequest())).toEqual({ id: 'msg_1', secretIndex: 1 });
  const secrets = [NEW!, OLD!];
  expect(verifyWebhook({ ...aRequest(), secrets })).toEqual({ id: 'msg_1', secretIndex: 0 });
});

test('bytes that are not UTF-8 are not taken for what they decode to', ({ expect }) => {
  const sent = aRequest(Buffer.from([0x22, 0xff, 0x22]));
  expect(verifyWebhook(sent).id).toBe('msg_1');
  const replaced = aRequest(Buffer.from([0x22, 0xef, 0xbf, 0xbd, 0x22]));
  const forged = { ...sent, headers: replaced.headers };
  expect(refusalOf(() => verifyWebhook(forged))).toContain('unsigned');
});

/** Each with a signature over exactly these headers, so that only the form is at fault. */
test.for([
  ['a timestamp with more after it', 'msg_1', `${NOW_SEC}abc`],
  ['a timestamp with a space before it', 'msg_1', ` ${NOW_SEC}`],
  ['a timestamp with a plus sign', 'msg_1', `+${NOW_SEC}`],
  ['a timestamp with a leading zero', 'msg_1', `0${NOW_SEC}`],
  ['a timestamp with a fraction', 'msg_1', `${NOW_SEC}.9`],
  ['an id with a point', 'msg.1', String(NOW_SEC)],
  ['an id that is too long', 'm'.repeat(129), String(NOW_SEC)],
  ['an empty id', '', String(NOW_SEC)],
])('refuses %s, though it is signed', ([, id = '', timestamp = ''], { expect }) => {
  const signed = signWebhook({
    secret: NEW!,
    id,
    timestampSec: timestamp as unknown as number,
    body: '{}',
  });
  const request = { ...aRequest(), headers: signed };
  expect(refusalOf(() => verifyWebhook(request))).toBe(`unsigned: ${UNSIGNED}`);
});

test('refuses a list of more than eight signatures, and one with more in an entry', ({
  expect,
}) => {
  const { 'webhook-signature': signature } = aRequest().headers;
  const many = Array.from({ length: 9 }, () => signature).join(' ');
  for (const list of [many, `${signature},zzz`, ` ${signature}x`, `v1a,${signature?.slice(3)}`]) {
    const request = aRequest('{}', { 'webhook-signature': list });
    expect(refusalOf(() => verifyWebhook(request))).toContain('unsigned');
  }
  const eight = aRequest('{}', { 'webhook-signature': many.split(' ').slice(1).join(' ') });
  expect(verifyWebhook(eight).id).toBe('msg_1');
});

test('with no secret nobody is known', ({ expect }) => {
  expect(refusalOf(() => verifyWebhook({ ...aRequest(), secrets: [] }))).toContain('unsigned');
});
