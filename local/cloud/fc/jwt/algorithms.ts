import { constants, type KeyObject, verify } from 'node:crypto';

interface Algorithm {
  readonly keyType: 'rsa' | 'ec' | 'ed25519';
  /** The name in node:crypto; null where the algorithm fixes the digest. */
  readonly hash: string | null;
  /** Elliptic curves only. */
  readonly curve?: string;
  /** RSA only. */
  readonly padding?: number;
}

const { RSA_PKCS1_PADDING: PKCS1, RSA_PKCS1_PSS_PADDING: PSS } = constants;

/**
 * RFC 7518 §3.1 and RFC 8037, as far as Function Compute names them. `HS…` is refused: the vendor
 * advises against it, and its key would be a secret that stands in `s.yaml`.
 * https://www.alibabacloud.com/help/en/functioncompute/fc/configure-jwt-authentication-for-custom-domain-names
 */
const ALGORITHMS: ReadonlyMap<string, Algorithm> = new Map([
  ['RS256', { keyType: 'rsa', hash: 'sha256', padding: PKCS1 }],
  ['RS384', { keyType: 'rsa', hash: 'sha384', padding: PKCS1 }],
  ['RS512', { keyType: 'rsa', hash: 'sha512', padding: PKCS1 }],
  ['PS256', { keyType: 'rsa', hash: 'sha256', padding: PSS }],
  ['PS384', { keyType: 'rsa', hash: 'sha384', padding: PSS }],
  ['PS512', { keyType: 'rsa', hash: 'sha512', padding: PSS }],
  ['ES256', { keyType: 'ec', hash: 'sha256', curve: 'prime256v1' }],
  ['ES384', { keyType: 'ec', hash: 'sha384', curve: 'secp384r1' }],
  ['ES512', { keyType: 'ec', hash: 'sha512', curve: 'secp521r1' }],
  ['EdDSA', { keyType: 'ed25519', hash: null }],
]);

export const ALGORITHM_NAMES: readonly string[] = [...ALGORITHMS.keys()];

/** RFC 7518 §3.3. */
const MIN_RSA_BITS = 2048;

/** Why a key does not fit this algorithm; undefined when it fits. */
export function unfit(key: KeyObject, name: string): string | undefined {
  const { keyType, curve } = ALGORITHMS.get(name)!;
  const { modulusLength = 0, namedCurve } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType !== keyType || namedCurve !== curve) return `is no key of ${name}`;
  if (keyType === 'rsa' && modulusLength < MIN_RSA_BITS) {
    return `has fewer than ${MIN_RSA_BITS} bits`;
  }
  return undefined;
}

export function verifies(
  name: string,
  key: KeyObject,
  signed: string,
  signature: Uint8Array,
): boolean {
  const { hash, padding } = ALGORITHMS.get(name)!;
  const options = {
    key,
    dsaEncoding: 'ieee-p1363' as const,
    ...(padding !== undefined && { padding }),
    ...(padding === PSS && { saltLength: constants.RSA_PSS_SALTLEN_DIGEST }),
  };
  return verify(hash, Buffer.from(signed), options, signature);
}
