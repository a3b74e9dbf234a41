import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { LatchkeyError } from '../domain/model/errors.ts';
import type { WebhookSecret } from './webhook-secret.ts';

/**
 * Standard Webhooks v1: HMAC-SHA256 over `id.timestamp.body`.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */

/** How far the sender's clock may be off, either way. */
const MAX_SKEW_MS = 300_000;
/** Most signatures of one request: our own choice. */
const MAX_SIGNATURES = 8;
const DIGEST_BYTES = 32;
/** Narrower than the specification, so that an id fits into logs, keys and paths: our own choice. */
const ID = /^[A-Za-z0-9_-]{1,128}$/;
const TIMESTAMP_SEC = /^[0-9]{10}$/;

/**
 * Checks that whoever holds one of `secrets` signed these bytes within five minutes of now.
 *
 * @param request.headers names in lower case
 * @param request.body the raw bytes, before any decoding
 * @returns the `webhook-id`: unique for each event, and the same each time that it is sent again; and
 * the place in `secrets` of the one that it was signed with
 * @throws {LatchkeyError} `unsigned`, the same whichever check failed
 */
export function verifyWebhook(request: {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly secrets: readonly WebhookSecret[];
  readonly nowMs: number;
}): { readonly id: string; readonly secretIndex: number } {
  const { headers, body, secrets, nowMs } = request;
  const id = headers['webhook-id'] ?? '';
  const timestamp = headers['webhook-timestamp'] ?? '';
  const given = digestsOf(headers['webhook-signature'] ?? '');
  const inTime = Math.abs(nowMs - Number(timestamp) * 1_000) <= MAX_SKEW_MS;
  // Every secret and every signature is tried, whatever else is wrong, so that the time taken tells
  // nothing; where there is no secret at all, one that nobody has stands for it.
  let secretIndex: number | undefined;
  for (const [index, secret] of (secrets.length === 0 ? [nobodys()] : secrets).entries()) {
    const expected = digest(secret, id, timestamp, body);
    for (const digestGiven of given) {
      if (timingSafeEqual(digestGiven, expected)) secretIndex = index;
    }
  }
  if (ID.test(id) && TIMESTAMP_SEC.test(timestamp) && inTime && secretIndex !== undefined) {
    return { id, secretIndex };
  }
  throw new LatchkeyError(
    'unsigned',
    'Cannot accept the request: not signed by a known secret within 5 minutes',
  );
}

function nobodys(): WebhookSecret {
  return { key: randomBytes(DIGEST_BYTES) };
}

/** The three headers that make `body` a signed request. */
export function signWebhook(request: {
  readonly secret: WebhookSecret;
  readonly id: string;
  /** Seconds since the epoch. */
  readonly timestampSec: number;
  readonly body: Uint8Array | string;
}): Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string> {
  const { secret, id, timestampSec, body } = request;
  const signed = digest(secret, id, String(timestampSec), body).toString('base64');
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestampSec),
    'webhook-signature': `v1,${signed}`,
  };
}

function digest(
  secret: WebhookSecret,
  id: string,
  timestamp: string,
  body: Uint8Array | string,
): Buffer {
  return createHmac('sha256', secret.key).update(`${id}.${timestamp}.`).update(body).digest();
}

/** The v1 digests of the list; versions that we do not know are passed over. None if too many. */
function digestsOf(list: string): Buffer[] {
  const entries = list.split(' ');
  if (entries.length > MAX_SIGNATURES) return [];
  return entries.flatMap((entry) => {
    const base64 = /^v1,([A-Za-z0-9+/]{43}=)$/.exec(entry)?.[1];
    if (base64 === undefined) return [];
    const bytes = Buffer.from(base64, 'base64');
    return bytes.length === DIGEST_BYTES && bytes.toString('base64') === base64 ? [bytes] : [];
  });
}
