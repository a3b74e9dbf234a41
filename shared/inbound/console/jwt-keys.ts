import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import type { Fields } from '../../lib/json-fields.ts';
import { type JwtAlgorithm, jwksIn, whyNoJwks } from './jwks.ts';

export interface JwtKey {
  /** '' for the one key that may go without: it is for tokens without one. */
  readonly kid: string;
  /** The key says which is meant, not the token: https://www.rfc-editor.org/rfc/rfc8725#section-3.1 */
  readonly algorithm: JwtAlgorithm;
  readonly key: KeyObject;
}

/** What a key must be for its algorithm: https://www.rfc-editor.org/rfc/rfc7518#section-3 and RFC 8037 §2 */
const KINDS: Readonly<Record<JwtAlgorithm, { readonly type: string; readonly curve?: string }>> = {
  RS256: { type: 'rsa' },
  ES256: { type: 'ec', curve: 'prime256v1' },
  EdDSA: { type: 'ed25519' },
};

/** https://www.rfc-editor.org/rfc/rfc7518#section-3.3 */
const MIN_RSA_BITS = 2_048;
/** With 1 anybody could sign. 65,537 is the least of FIPS 186-5 §5.1. */
const MIN_RSA_EXPONENT = 65_537n;

/**
 * Reads the public keys of a JSON Web Key Set.
 *
 * @throws {RangeError} for anything that `whyNoJwks` finds, and for a key that is none, that does not go with
 * its algorithm, or that cannot be told from another one. It says why, and repeats nothing
 */
export function jwtKeysIn(text: string): JwtKey[] {
  const why = whyNoJwks(text);
  if (why !== undefined) throw new RangeError(why);
  const keys = jwksIn(text)!.map(jwtKeyIn);
  const kids = new Set(keys.map(({ kid }) => kid));
  if (kids.size < keys.length) throw new RangeError('has two keys of one "kid", or without any');
  return keys;
}

/** As `whyNoJwks`, with all that `jwtKeysIn` refuses. */
export function whyNoJwtKeys(text: string): string | undefined {
  try {
    jwtKeysIn(text);
    return undefined;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return error.message;
  }
}

function jwtKeyIn(jwk: Fields, index: number): JwtKey {
  const refuse = (why: string) => new RangeError(`has a fault in its key ${index + 1}: ${why}`);
  const { kid = '', use = 'sig' } = jwk;
  if (typeof kid !== 'string') throw refuse('its "kid" is no text');
  if (use !== 'sig') throw refuse('it is not for signatures');
  const algorithm = jwk['alg'] as JwtAlgorithm;
  const key = publicKey(jwk);
  const { type, curve } = KINDS[algorithm];
  const {
    namedCurve,
    modulusLength = MIN_RSA_BITS,
    publicExponent = MIN_RSA_EXPONENT,
  } = key?.asymmetricKeyDetails ?? {};
  if (key?.asymmetricKeyType !== type || namedCurve !== curve) {
    throw refuse(`it is no public key for ${algorithm}`);
  }
  if (modulusLength < MIN_RSA_BITS) throw refuse(`it has fewer than ${MIN_RSA_BITS} bits`);
  if (publicExponent < MIN_RSA_EXPONENT) throw refuse('its exponent is less than 65537');
  return { kid, algorithm, key };
}

function publicKey(jwk: Fields): KeyObject | undefined {
  try {
    return createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' });
  } catch {
    return undefined;
  }
}
