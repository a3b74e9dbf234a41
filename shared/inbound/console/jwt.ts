import { verify } from 'node:crypto';
import { type Fields, fieldsOf } from '../../lib/json-fields.ts';
import type { JwtKey } from './jwt-keys.ts';

/** Longest token that is looked at: our own choice, all headers together have 8 KB. */
const MAX_BYTES = 4_096;
/** How far the issuer's clock may be off: our own choice. */
const MAX_SKEW_SEC = 60;

export interface JwtRules {
  readonly keys: readonly JwtKey[];
  readonly issuer: string;
  readonly audience: string;
  readonly nowMs: number;
}

/**
 * Whom a token speaks for: https://www.rfc-editor.org/rfc/rfc7519, as RFC 8725 advises. It must have `exp`.
 *
 * @returns `sub`; undefined for a token that is not taken, whatever is wrong with it
 */
export function subjectOf(token: string, rules: JwtRules): string | undefined {
  if (token.length > MAX_BYTES) return undefined;
  const parts = token.split('.');
  const [header, payload, signature] = parts;
  if (parts.length !== 3 || !header || !payload || !signature) return undefined;
  if (!parts.every((part) => /^[A-Za-z0-9_-]+$/.test(part))) return undefined;
  const { alg, kid = '', crit } = fieldsIn(header);
  const known = rules.keys.find((one) => one.kid === kid);
  if (known === undefined || alg !== known.algorithm || crit !== undefined) return undefined;
  if (!isSigned(`${header}.${payload}`, Buffer.from(signature, 'base64url'), known)) {
    return undefined;
  }
  const claims = fieldsIn(payload);
  const { sub } = claims;
  return isInForce(claims, rules) && typeof sub === 'string' ? sub : undefined;
}

/** Whether the key's owner made the signature, as JWS has it. */
export function isSigned(text: string, signature: Buffer, { algorithm, key }: JwtKey): boolean {
  const digest = algorithm === 'EdDSA' ? null : 'sha256';
  // The two halves one after the other, not in DER: https://www.rfc-editor.org/rfc/rfc7518#section-3.4
  return verify(digest, Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }, signature);
}

function isInForce({ iss, aud, exp, nbf = 0 }: Fields, rules: JwtRules): boolean {
  const nowSec = rules.nowMs / 1_000;
  const audiences: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  return (
    iss === rules.issuer &&
    audiences.includes(rules.audience) &&
    typeof exp === 'number' &&
    exp + MAX_SKEW_SEC > nowSec &&
    typeof nbf === 'number' &&
    nbf - MAX_SKEW_SEC <= nowSec
  );
}

/** None for what is no object of JSON. */
function fieldsIn(part: string): Fields {
  try {
    return fieldsOf(JSON.parse(Buffer.from(part, 'base64url').toString('utf8')));
  } catch {
    return {};
  }
}
