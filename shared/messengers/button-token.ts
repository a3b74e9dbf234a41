import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import * as v from 'valibot';
import { placeText } from '../domain/chat/card-places.ts';
import type { ButtonTerms } from '../domain/chat/card-tokens.ts';
import type { ButtonAction, ChatPlace } from '../domain/model/chat.ts';
import { RolloutIdText } from '../contract/names.ts';
import { readStrictJson } from '../contract/read-strict-json.ts';
import type { WebhookSecret } from '../contract/webhook-secret.ts';

/**
 * What stands in a button: for which rollout, action, plan and conversation it was shown, and until when.
 * It is signed so that nobody presses what was never shown there, and it is no authority by itself: who
 * pressed is the platform's to say, and what they may the policy's.
 */

/** Keeps this use of the secret apart from every other one. */
const DOMAIN = 'latchkey chat button v1';

const TOKEN = /^(v1\.([A-Za-z0-9_-]{1,1500}))\.([A-Za-z0-9_-]{43})$/;
const MAC_BYTES = 32;
/** Characters of an id that is used once: 128 bits. */
const JTI_LENGTH = 22;
const KID_LENGTH = 6;

const Envelope = v.strictObject({
  rid: RolloutIdText,
  act: v.picklist(['approve', 'deny', 'pause', 'resume', 'abort', 'undo']),
  /** Of the plan, whole. */
  dig: v.string(),
  /** `platform|tenant|channel` */
  aud: v.string(),
  /** Seconds since the epoch. */
  exp: v.pipe(v.number(), v.safeInteger()),
  jti: v.pipe(v.string(), v.length(JTI_LENGTH)),
  kid: v.string(),
});

/** Makes and reads tokens under one secret. */
export interface ButtonKey {
  readonly kid: string;
  readonly key: Buffer;
}

export function buttonKey({ key }: WebhookSecret): ButtonKey {
  const own = createHmac('sha256', key).update(DOMAIN).digest();
  const kid = createHmac('sha256', own).update('kid').digest('base64url').slice(0, KID_LENGTH);
  return { kid, key: own };
}

/** The same terms give the same token, so that a card that is shown again is the same card. */
export function signButtonToken(terms: ButtonTerms, { kid, key }: ButtonKey): string {
  const { rolloutId: rid, action: act, planDigest: dig, place, expMs, round } = terms;
  const aud = placeText(place);
  const exp = Math.floor(expMs / 1_000);
  const once = JSON.stringify([rid, act, dig, aud, exp, round]);
  const jti = createHash('sha256').update(once).digest('base64url').slice(0, JTI_LENGTH);
  const json = JSON.stringify({ rid, act, dig, aud, exp, jti, kid });
  const signed = `v1.${Buffer.from(json).toString('base64url')}`;
  return `${signed}.${macOf(signed, key).toString('base64url')}`;
}

export type ButtonRead =
  | {
      readonly kind: 'good';
      readonly rolloutId: string;
      readonly action: ButtonAction;
      readonly planDigest: string;
      readonly place: ChatPlace;
      /** Another one for each button, and the same each time that it is pressed. */
      readonly jti: string;
    }
  /** `elsewhere`: it was shown in another conversation. */
  | { readonly kind: 'bad'; readonly why: 'forged' | 'elsewhere' | 'expired' };

/**
 * Reads a token that somebody pressed. Never throws.
 *
 * @param where whence the verified payload came; `channel` null: it does not say
 * @param keys several while one secret takes the place of another
 */
export function readButtonToken(
  token: string,
  where: Pick<ChatPlace, 'platform' | 'tenant'> & { readonly channel: string | null },
  keys: readonly ButtonKey[],
  nowMs: number,
): ButtonRead {
  const bad = (why: 'forged' | 'elsewhere' | 'expired') => ({ kind: 'bad', why }) as const;
  const [, signed = '', payload = '', mac = ''] = TOKEN.exec(token) ?? [];
  const given = Buffer.from(mac, 'base64url');
  // Every key is tried, so that the time taken tells nothing.
  const [signer] = keys.filter(
    ({ key }) => given.length === MAC_BYTES && timingSafeEqual(given, macOf(signed, key)),
  );
  const envelope = signer === undefined ? undefined : envelopeIn(payload);
  if (envelope === undefined || envelope.kid !== signer?.kid) return bad('forged');
  const { platform, tenant } = where;
  const tenantText = `${platform}|${tenant}|`;
  const channel = where.channel ?? envelope.aud.slice(tenantText.length);
  if (channel === '' || envelope.aud !== `${tenantText}${channel}`) return bad('elsewhere');
  if (envelope.exp * 1_000 <= nowMs) return bad('expired');
  const { rid: rolloutId, act: action, dig: planDigest, jti } = envelope;
  const place = { platform, tenant, channel };
  return { kind: 'good', rolloutId, action, planDigest, place, jti };
}

function macOf(signed: string, key: Buffer): Buffer {
  return createHmac('sha256', key).update(signed).digest();
}

/** undefined for what nobody with the key can have signed: an older form of it, say. */
function envelopeIn(payload: string): v.InferOutput<typeof Envelope> | undefined {
  try {
    const json = readStrictJson(Buffer.from(payload, 'base64url'), 'the token');
    const read = v.safeParse(Envelope, json);
    return read.success ? read.output : undefined;
  } catch {
    return undefined;
  }
}
