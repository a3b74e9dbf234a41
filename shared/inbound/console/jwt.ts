import { JOSEError, JWKSNoMatchingKey } from 'jose/errors';
import { jwtVerify } from 'jose/jwt/verify';
import type { JwtKey } from './jwt-keys.ts';

/** Longest token that is read: our own choice, all headers of a request together have at most 8 KB. */
const MAX_LENGTH = 4_096;
/** How far the clock of the issuer may differ from ours: our own choice. */
const MAX_SKEW_SEC = 60;
/** Three parts in base64url. `jose` would ignore white space in them. */
const COMPACT_JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/;

interface JwtRules {
  readonly keys: readonly JwtKey[];
  readonly issuer: string;
  readonly audience: string;
  readonly nowMs: number;
}

/**
 * Verifies a token (https://www.rfc-editor.org/rfc/rfc7519, with the advice of RFC 8725). The token must have
 * `exp`.
 *
 * @returns the claim `sub`; undefined for a token that is not valid, whatever is wrong with it
 */
export async function subjectOf(token: string, rules: JwtRules): Promise<string | undefined> {
  if (token.length > MAX_LENGTH || !COMPACT_JWT.test(token)) return undefined;
  const { keys, issuer, audience, nowMs } = rules;
  try {
    const { payload } = await jwtVerify<{ sub: unknown }>(
      token,
      ({ alg, kid = '', crit }) => {
        const known = keys.find((one) => one.kid === kid);
        // The key determines the algorithm, and no extension of JWS is supported.
        if (known?.algorithm === alg && crit === undefined) return known.key;
        throw new JWKSNoMatchingKey();
      },
      {
        issuer,
        audience,
        requiredClaims: ['exp'],
        clockTolerance: MAX_SKEW_SEC,
        currentDate: new Date(nowMs),
      },
    );
    return typeof payload.sub === 'string' ? payload.sub : undefined;
  } catch (error) {
    if (error instanceof JOSEError) return undefined;
    throw error;
  }
}
