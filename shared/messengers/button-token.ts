import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import * as v from 'valibot';
import { placeText } from '../domain/chat/card-places.ts';
import type { ButtonTerms } from '../domain/chat/card-tokens.ts';
import type { ButtonAction, ChatPlace } from '../domain/model/chat.ts';
import { RolloutIdText } from '../contract/names.ts';
import { readStrictJson } from '../contract/read-strict-json.ts';
import type { WebhookSecret } from '../contract/webhook-secret.ts';

/**
 * The token in a button says for which rollout, action, plan and conversation the button was shown, and when it expires.
 * Its signature makes sure that the button was shown there. It grants nothing: the platform says who pressed, and the
 * policy says what that person may do.
 */

/** Separates this use of the secret from every other use. */
const DOMAIN = 'latchkey chat button v1';

const TOKEN = /^(v1\.([A-Za-z0-9_-]{1,1500}))\.([A-Za-z0-9_-]{43})$/;
const MAC_BYTES = 32;
/** Characters of the token's unique id: 128 bits. */
const JTI_LENGTH = 22;
const KID_LENGTH = 6;

const Envelope = v.strictObject({
  rid: RolloutIdText,
  act: v.picklist(['approve', 'deny', 'pause', 'resume', 'abort', 'undo']),
  /** The plan's whole digest. */
  dig: v.string(),
  /** `platform|tenant|channel` */
  aud: v.string(),
  /** Seconds since the epoch. */
  exp: v.pipe(v.number(), v.safeInteger()),
  jti: v.pipe(v.string(), v.length(JTI_LENGTH)),
  kid: v.string(),
});

/** Signs and verifies tokens. */
export interface ButtonKey {
  readonly kid: string;
  readonly key: Buffer;
}

export function buttonKey({ key }: WebhookSecret): ButtonKey {
  const own = createHmac('sha256', key).update(DOMAIN).digest();
  const kid = createHmac('sha256', own).update('kid').digest('base64url').slice(0, KID_LENGTH);
  return { kid, key: own };
}

/** The same terms give the same token, so that a card that is rendered again is the same card. */
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
      /** Different for each button, and the same at each press. */
      readonly jti: string;
    }
  /** `elsewhere`: it was shown in another conversation. */
  | { readonly kind: 'bad'; readonly why: 'forged' | 'elsewhere' | 'expired' };

/**
 * Reads a token that somebody pressed. Never throws.
 *
 * @param where the origin of the verified payload. `channel` null: the payload does not say
 * @param keys several during a rotation of the secret
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
  // All keys are tried, so that the duration reveals nothing.
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

/** undefined: the form is wrong, although the signature is right. It may be of an older version. */
function envelopeIn(payload: string): v.InferOutput<typeof Envelope> | undefined {
  try {
    const json = readStrictJson(Buffer.from(payload, 'base64url'), 'the token');
    const read = v.safeParse(Envelope, json);
    return read.success ? read.output : undefined;
  } catch {
    return undefined;
  }
}
