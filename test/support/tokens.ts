import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

/** What an identity provider signs with, in a test. */
const PAIR = generateKeyPairSync('ed25519');

/** Its public keys, as `CONSOLE_JWKS` holds them. */
export const JWKS = JSON.stringify({
  keys: [{ ...PAIR.publicKey.export({ format: 'jwk' }), kid: 'k', alg: 'EdDSA', use: 'sig' }],
});

/** Whom the console of a test lets in. */
export const CONSOLE_RULE = {
  issuer: 'https://login.example.com',
  audience: 'latchkey',
  cookie: 'latchkey_session',
  operators: ['alice'],
} as const;

/** A token for the console, for five minutes. Override what the test is about. */
export function aToken(
  nowMs: number,
  claims: Readonly<Record<string, unknown>> = {},
  privateKey: KeyObject = PAIR.privateKey,
): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const { issuer: iss, audience: aud } = CONSOLE_RULE;
  const exp = Math.floor(nowMs / 1_000) + 300;
  const text = `${part({ alg: 'EdDSA', kid: 'k' })}.${part({ iss, aud, sub: 'alice', exp, ...claims })}`;
  return `${text}.${sign(null, Buffer.from(text), privateKey).toString('base64url')}`;
}
