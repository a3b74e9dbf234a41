import { generateKeyPairSync, sign } from 'node:crypto';

/** Who may use the console in a test. */
export const CONSOLE_RULE = {
  issuer: 'https://login.example.com',
  audience: 'latchkey',
  cookie: 'latchkey_session',
  operators: ['alice'],
} as const;

/** An identity provider with a key of its own. */
export function anIssuer(alg: 'EdDSA' | 'RS256' = 'EdDSA', kid = '2026') {
  const { publicKey, privateKey } =
    alg === 'RS256'
      ? generateKeyPairSync('rsa', { modulusLength: 2_048 })
      : generateKeyPairSync('ed25519');
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid, alg, use: 'sig' };
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return {
    jwk,
    /** The value of `CONSOLE_JWKS`. */
    jwks: JSON.stringify({ keys: [jwk] }),
    /** A token for the console, for alice and for five minutes. Override what the test is about. */
    token(nowMs: number, over: Readonly<Record<string, unknown>> = {}): string {
      const { issuer: iss, audience: aud } = CONSOLE_RULE;
      const exp = Math.floor(nowMs / 1_000) + 300;
      const claims = { iss, aud, sub: 'alice', exp, ...over };
      const text = `${part({ alg, kid })}.${part(claims)}`;
      const digest = alg === 'RS256' ? 'sha256' : null;
      return `${text}.${sign(digest, Buffer.from(text), privateKey).toString('base64url')}`;
    },
  };
}

/** Shared by all tests that need no other. */
export const { jwks: JWKS, token: aToken } = anIssuer();
