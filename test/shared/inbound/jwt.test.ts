import { createHmac, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { describe, test } from 'vitest';
import { parseJwks, subjectOf } from '../../../shared/inbound/jwt.ts';

const NOW_MS = Date.UTC(2026, 10, 24);
const NOW_SEC = NOW_MS / 1_000;

const RSA = generateKeyPairSync('rsa', { modulusLength: 2048 });
const EC = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ED = generateKeyPairSync('ed25519');

const jwkOf = (key: KeyObject, more: object) => ({ ...key.export({ format: 'jwk' }), ...more });
const JWKS = JSON.stringify({
  keys: [
    jwkOf(RSA.publicKey, { kid: 'rsa', alg: 'RS256' }),
    jwkOf(EC.publicKey, { kid: 'ec', alg: 'ES256' }),
    jwkOf(ED.publicKey, { kid: 'ed', alg: 'EdDSA' }),
  ],
});
const RULES = {
  keys: parseJwks(JWKS),
  issuer: 'https://login.example.com',
  audience: 'latchkey',
  nowMs: NOW_MS,
};
const CLAIMS = {
  iss: RULES.issuer,
  aud: 'latchkey',
  sub: 'alice',
  exp: NOW_SEC + 300,
};

const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

type Sign = (text: string) => Buffer;
const byRsa: Sign = (text) => sign('sha256', Buffer.from(text), RSA.privateKey);

function token(claims: object, header: object = {}, by: Sign = byRsa): string {
  const text = `${encoded({ alg: 'RS256', kid: 'rsa', typ: 'JWT', ...header })}.${encoded(claims)}`;
  return `${text}.${by(text).toString('base64url')}`;
}

describe('a token is taken', () => {
  test('that an RSA, an elliptic or an Edwards key has signed', ({ expect }) => {
    expect(subjectOf(token(CLAIMS), RULES)).toBe('alice');
    const byEc: Sign = (text) =>
      sign('sha256', Buffer.from(text), { key: EC.privateKey, dsaEncoding: 'ieee-p1363' });
    expect(subjectOf(token(CLAIMS, { alg: 'ES256', kid: 'ec' }, byEc), RULES)).toBe('alice');
    const byEd: Sign = (text) => sign(null, Buffer.from(text), ED.privateKey);
    expect(subjectOf(token(CLAIMS, { alg: 'EdDSA', kid: 'ed' }, byEd), RULES)).toBe('alice');
  });

  test('for one of several audiences, and from a minute before it begins', ({ expect }) => {
    const claims = { ...CLAIMS, aud: ['other', 'latchkey'], nbf: NOW_SEC + 59 };
    expect(subjectOf(token(claims), RULES)).toBe('alice');
  });
});

describe('a token is not taken', () => {
  test.for([
    ['that has ended', token({ ...CLAIMS, exp: NOW_SEC - 61 })],
    ['without an end', token({ ...CLAIMS, exp: undefined })],
    ['whose end is no number', token({ ...CLAIMS, exp: '9999999999' })],
    ['that begins later', token({ ...CLAIMS, nbf: NOW_SEC + 61 })],
    ['of another issuer', token({ ...CLAIMS, iss: 'https://evil.example.com' })],
    ['for somebody else', token({ ...CLAIMS, aud: 'other' })],
    ['without a subject', token({ ...CLAIMS, sub: undefined })],
    ['whose subject is no text', token({ ...CLAIMS, sub: ['alice'] })],
    ['of a key that nobody knows', token(CLAIMS, { kid: 'other' })],
    ['that names another algorithm than its key', token(CLAIMS, { alg: 'ES256' })],
    ['that asks for something that must be understood', token(CLAIMS, { crit: ['b64'] })],
    [
      'signed by another key',
      token(CLAIMS, {}, (text) => sign('sha256', Buffer.from(text), EC.privateKey)),
    ],
    ['not signed', token(CLAIMS, { alg: 'none' }, () => Buffer.alloc(0))],
    ['of two parts', token(CLAIMS).split('.').slice(0, 2).join('.')],
    ['of four parts', `${token(CLAIMS)}.x`],
    ['with a space', `${token(CLAIMS)} `],
    ['that is no JSON', `${Buffer.from('{').toString('base64url')}.e30.AA`],
    ['that is empty', ''],
    ['that is too long', token({ ...CLAIMS, more: 'x'.repeat(4_000) })],
  ] as const)('%s', ([, text], { expect }) => {
    expect(subjectOf(text, RULES)).toBeUndefined();
  });

  test('signed with the public key as if it were a shared secret', ({ expect }) => {
    const pem = RSA.publicKey.export({ type: 'spki', format: 'pem' });
    const byHmac: Sign = (text) => createHmac('sha256', pem).update(text).digest();
    expect(subjectOf(token(CLAIMS, { alg: 'HS256' }, byHmac), RULES)).toBeUndefined();
  });

  test('whose claims were changed', ({ expect }) => {
    const [header, , signature] = token(CLAIMS).split('.');
    const changed = `${header}.${encoded({ ...CLAIMS, sub: 'mallory' })}.${signature}`;
    expect(subjectOf(changed, RULES)).toBeUndefined();
  });
});

describe('a key set is refused', () => {
  test.for([
    ['that is no JSON', '{', 'not JSON'],
    ['without keys', '{"keys":[]}', 'no key set'],
    ['with a secret', '{"keys":[{"kty":"oct","k":"AAAA","alg":"HS256"}]}', 'no key set'],
    [
      'with a private key',
      JSON.stringify({ keys: [jwkOf(RSA.privateKey, { alg: 'RS256' })] }),
      'private',
    ],
    [
      'whose key is for another algorithm',
      JSON.stringify({ keys: [jwkOf(EC.publicKey, { alg: 'EdDSA' })] }),
      'not for EdDSA',
    ],
    [
      'with another curve',
      JSON.stringify({
        keys: [
          jwkOf(generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey, { alg: 'ES256' }),
        ],
      }),
      'not for ES256',
    ],
    [
      'whose RSA key is short',
      JSON.stringify({
        keys: [
          jwkOf(generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey, { alg: 'RS256' }),
        ],
      }),
      'less than 2048 bits',
    ],
    ['with a broken key', '{"keys":[{"kty":"RSA","n":"!","alg":"RS256"}]}', 'cannot be read'],
  ] as const)('%s', ([, text, why], { expect }) => {
    expect(() => parseJwks(text)).toThrow(why);
  });
});
