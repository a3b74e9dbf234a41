import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, test } from 'vitest';
import { keySetsOf, whyNoJwks } from '../../../../shared/inbound/console/jwks.ts';
import { jwtKeysIn, whyNoJwtKeys } from '../../../../shared/inbound/console/jwt-keys.ts';
import { CONSOLE_RULE, JWKS } from '../../../support/tokens.ts';

const rsa = (modulusLength: number) => generateKeyPairSync('rsa', { modulusLength });
const ec = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve });
const RSA = rsa(2_048);
const EC = ec('P-256');
const ED = generateKeyPairSync('ed25519');

const jwkOf = (key: KeyObject, more: object) => ({ ...key.export({ format: 'jwk' }), ...more });
const setOf = (...keys: object[]) => JSON.stringify({ keys });

const ED_JWK = jwkOf(ED.publicKey, { alg: 'EdDSA' });

describe('a key set', () => {
  test('of each algorithm is read, with and without "kid"', ({ expect }) => {
    const text = setOf(
      jwkOf(RSA.publicKey, { alg: 'RS256', kid: 'a', use: 'sig' }),
      jwkOf(EC.publicKey, { alg: 'ES256', kid: 'b' }),
      ED_JWK,
    );
    expect(whyNoJwks(text)).toBeUndefined();
    expect(whyNoJwtKeys(text)).toBeUndefined();
    expect(jwtKeysIn(text)).toMatchObject([
      { kid: 'a', algorithm: 'RS256' },
      { kid: 'b', algorithm: 'ES256' },
      { kid: '', algorithm: 'EdDSA' },
    ]);
  });

  test.for([
    ['that is no JSON', '{', 'must be a JSON Web Key Set, {"keys": […]}, of 1 to 16 keys'],
    ['that is a key', JSON.stringify(ED_JWK), 'must be a JSON Web Key Set'],
    ['without keys', setOf(), 'of 1 to 16 keys'],
    [
      'of seventeen keys',
      setOf(...Array.from({ length: 17 }, (_, n) => ({ ...ED_JWK, kid: `${n}` }))),
      'of 1 to 16 keys',
    ],
    ['with a shared secret', setOf({ kty: 'oct', k: 'AAAA', alg: 'HS256' }), 'has a key without'],
    ['whose key names no algorithm', setOf({ ...ED_JWK, alg: undefined }), 'has a key without'],
    ['with a private key', setOf(jwkOf(RSA.privateKey, { alg: 'RS256' })), 'has a private key'],
    [
      'with the primes of a private key',
      setOf({ ...jwkOf(RSA.privateKey, { alg: 'RS256' }), d: undefined }),
      'has a private key',
    ],
  ] as const)('%s is refused when the function starts', ([, text, why], { expect }) => {
    expect(whyNoJwks(text)).toContain(why);
    expect(whyNoJwtKeys(text)).toContain(why);
  });

  test.for([
    ['for another algorithm', jwkOf(EC.publicKey, { alg: 'EdDSA' }), 'no public key for EdDSA'],
    ['with another curve', jwkOf(ec('P-384').publicKey, { alg: 'ES256' }), 'no public key for ES'],
    ['of 1,024 bits', jwkOf(rsa(1_024).publicKey, { alg: 'RS256' }), 'fewer than 2048 bits'],
    ['that anybody signs with', jwkOf(RSA.publicKey, { alg: 'RS256', e: 'AQ' }), 'less than 65537'],
    ['that is broken', { kty: 'RSA', n: '!', alg: 'RS256' }, 'no public key for RS256'],
    ['that is no point', { ...jwkOf(EC.publicKey, {}), y: 'AA', alg: 'ES256' }, 'no public key'],
    ['to encrypt with', { ...ED_JWK, use: 'enc' }, 'not for signatures'],
    ['whose "kid" is a number', { ...ED_JWK, kid: 1 }, '"kid" is no text'],
    ['that cannot be told from another', { ...ED_JWK, kid: '' }, 'two keys of one "kid"'],
  ] as const)('with a key %s is refused when it is used', ([, key, why], { expect }) => {
    const text = setOf(ED_JWK, key);
    expect(whyNoJwks(text)).toBeUndefined();
    expect(() => jwtKeysIn(text)).toThrow(why);
    expect(whyNoJwtKeys(text)).toContain(why);
  });

  test('is needed where the policy has a console, and nowhere else', ({ expect }) => {
    expect(keySetsOf({ console: null })).toEqual([]);
    const [needed] = keySetsOf({ console: CONSOLE_RULE });
    expect(needed?.name).toBe('CONSOLE_JWKS');
    expect(needed?.whyNone(JWKS)).toBeUndefined();
  });
});
