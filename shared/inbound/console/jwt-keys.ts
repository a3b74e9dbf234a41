import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import type { Fields } from '../../lib/json-fields.ts';
import type { SecretNames } from '../secrets.ts';
import { jwksFault, jwksIn, type JwtAlgorithm } from './jwks.ts';

export interface JwtKey {
  /** '' for the one key that may have no `kid`: it verifies the tokens without a `kid`. */
  readonly kid: string;
  /** The key determines the algorithm, not the token: https://www.rfc-editor.org/rfc/rfc8725#section-3.1 */
  readonly algorithm: JwtAlgorithm;
  readonly key: KeyObject;
}

/** The type of key for each algorithm: https://www.rfc-editor.org/rfc/rfc7518#section-3 and RFC 8037 §2 */
const KEY_TYPES: Readonly<
  Record<JwtAlgorithm, { readonly type: string; readonly curve?: string }>
> = {
  RS256: { type: 'rsa' },
  ES256: { type: 'ec', curve: 'prime256v1' },
  EdDSA: { type: 'ed25519' },
};

/** https://www.rfc-editor.org/rfc/rfc7518#section-3.3 */
const MIN_RSA_BITS = 2_048;
/** With exponent 1 anybody could sign. FIPS 186-5 §5.1 requires at least 65,537. */
const MIN_RSA_EXPONENT = 65_537n;

/**
 * Reads the public keys of a JSON Web Key Set.
 *
 * @throws {RangeError} for every fault that `jwksFault` finds, for a key that is invalid or does not fit its
 * algorithm, and for two keys with the same `kid`. The message repeats nothing of the text
 */
export function jwtKeysIn(text: string): JwtKey[] {
  const fault = jwksFault(text);
  if (fault !== undefined) throw new RangeError(fault);
  const keys = jwksIn(text)!.map(jwtKeyIn);
  const kids = new Set(keys.map(({ kid }) => kid));
  if (kids.size < keys.length)
    throw new RangeError('has two keys with the same "kid", or two without one');
  return keys;
}

/** As `jwksFault`, and checks every key as well. */
export function jwtKeysFault(text: string): string | undefined {
  try {
    jwtKeysIn(text);
    return undefined;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return error.message;
  }
}

/**
 * Adds the check of every key, for tools that have the time. A function checks the keys only when somebody
 * opens the console.
 */
export function wholeKeySets({ keySets = [], ...names }: SecretNames): SecretNames {
  return { ...names, keySets: keySets.map(({ name }) => ({ name, faultIn: jwtKeysFault })) };
}

function jwtKeyIn(jwk: Fields, index: number): JwtKey {
  const fault = (why: string) => new RangeError(`has a fault in its key ${index + 1}: ${why}`);
  const { kid = '', use = 'sig' } = jwk;
  if (typeof kid !== 'string') throw fault('its "kid" is not a text');
  if (use !== 'sig') throw fault('it is not for signatures');
  const algorithm = jwk['alg'] as JwtAlgorithm;
  const key = publicKey(jwk);
  const { type, curve } = KEY_TYPES[algorithm];
  const {
    namedCurve,
    modulusLength = MIN_RSA_BITS,
    publicExponent = MIN_RSA_EXPONENT,
  } = key?.asymmetricKeyDetails ?? {};
  if (key?.asymmetricKeyType !== type || namedCurve !== curve) {
    throw fault(`it is not a public key for ${algorithm}`);
  }
  if (modulusLength < MIN_RSA_BITS) throw fault(`it has fewer than ${MIN_RSA_BITS} bits`);
  if (publicExponent < MIN_RSA_EXPONENT) throw fault('its exponent is less than 65537');
  return { kid, algorithm, key };
}

function publicKey(jwk: Fields): KeyObject | undefined {
  try {
    return createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' });
  } catch {
    return undefined;
  }
}
