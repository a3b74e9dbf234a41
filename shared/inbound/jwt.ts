import { createPublicKey, type JsonWebKey, type KeyObject, verify } from 'node:crypto';
import * as v from 'valibot';
import { fieldsOf } from './event-payload.ts';

/** Longest token that is looked at: our own choice, all headers together have 8 KB. */
const MAX_BYTES = 4_096;
/** How far the issuer's clock may be off: our own choice. */
const MAX_SKEW_SEC = 60;

/** https://www.rfc-editor.org/rfc/rfc7518#section-3.3 */
const MIN_RSA_BITS = 2_048;

/**
 * The signatures that are taken: https://www.rfc-editor.org/rfc/rfc7518#section-3.1 and RFC 8037. None that
 * is made with a shared secret, and the key says which one is meant, not the token.
 */
const ALGORITHMS = {
  RS256: { type: 'rsa', curve: undefined, digest: 'sha256' },
  ES256: { type: 'ec', curve: 'prime256v1', digest: 'sha256' },
  EdDSA: { type: 'ed25519', curve: undefined, digest: null },
} as const;

type Algorithm = keyof typeof ALGORITHMS;

export interface JwtKey {
  /** '' for a key without one: it is then tried for tokens without one. */
  readonly kid: string;
  readonly algorithm: Algorithm;
  readonly key: KeyObject;
}

const Jwks = v.object({
  keys: v.pipe(
    v.array(
      v.looseObject({
        kid: v.optional(v.string(), ''),
        alg: v.picklist(Object.keys(ALGORITHMS) as Algorithm[]),
        kty: v.picklist(['RSA', 'EC', 'OKP']),
      }),
    ),
    v.minLength(1),
    v.maxLength(16),
  ),
});

/**
 * Reads public keys: a JSON Web Key Set (RFC 7517) in which each key names its algorithm.
 *
 * @throws {RangeError} for anything else, and for a private key: that has no business here
 */
export function parseJwks(text: string): JwtKey[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new RangeError('is not JSON');
  }
  const read = v.safeParse(Jwks, value);
  if (!read.success) throw new RangeError(`is no key set: ${read.issues[0].message}`);
  return read.output.keys.map((jwk) => {
    if (jwk['d'] !== undefined) throw new RangeError('holds a private key');
    const { kid, alg: algorithm } = jwk;
    const key = keyIn(jwk);
    const { type, curve } = ALGORITHMS[algorithm];
    const details = key.asymmetricKeyDetails ?? {};
    if (key.asymmetricKeyType !== type || details.namedCurve !== curve) {
      throw new RangeError(`has a key that is not for ${algorithm}`);
    }
    if ((details.modulusLength ?? MIN_RSA_BITS) < MIN_RSA_BITS) {
      throw new RangeError(`has an RSA key of less than ${MIN_RSA_BITS} bits`);
    }
    return { kid, algorithm, key };
  });
}

function keyIn(jwk: object): KeyObject {
  try {
    return createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' });
  } catch {
    throw new RangeError('has a key that cannot be read');
  }
}

export interface JwtRules {
  readonly keys: readonly JwtKey[];
  readonly issuer: string;
  readonly audience: string;
  readonly nowMs: number;
}

/**
 * Whom a token speaks for: https://www.rfc-editor.org/rfc/rfc7519, as RFC 8725 advises.
 *
 * @returns `sub`; undefined for a token that is not taken, whatever is wrong with it. It must have `exp`
 */
export function subjectOf(token: string, rules: JwtRules): string | undefined {
  if (token.length > MAX_BYTES) return undefined;
  const parts = token.split('.');
  const [header, payload, signature] = parts;
  if (parts.length !== 3 || !header || !payload || !signature) return undefined;
  if (!parts.every((part) => /^[A-Za-z0-9_-]+$/.test(part))) return undefined;
  const { alg, kid = '', crit } = fieldsOf(jsonIn(header));
  const known = rules.keys.find((one) => one.kid === kid);
  if (known === undefined || alg !== known.algorithm || crit !== undefined) return undefined;
  if (!isSigned(`${header}.${payload}`, Buffer.from(signature, 'base64url'), known)) {
    return undefined;
  }
  const claims = fieldsOf(jsonIn(payload));
  return isInForce(claims, rules) && typeof claims['sub'] === 'string' ? claims['sub'] : undefined;
}

function isSigned(text: string, signature: Buffer, { algorithm, key }: JwtKey): boolean {
  const { digest } = ALGORITHMS[algorithm];
  try {
    return verify(digest, Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }, signature);
  } catch {
    return false;
  }
}

function isInForce(
  { iss, aud, exp, nbf = 0 }: Readonly<Record<string, unknown>>,
  { issuer, audience, nowMs }: JwtRules,
): boolean {
  const nowSec = nowMs / 1_000;
  const audiences: unknown[] = Array.isArray(aud) ? aud : [aud];
  return (
    iss === issuer &&
    audiences.includes(audience) &&
    typeof exp === 'number' &&
    exp + MAX_SKEW_SEC > nowSec &&
    typeof nbf === 'number' &&
    nbf - MAX_SKEW_SEC <= nowSec
  );
}

function jsonIn(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
