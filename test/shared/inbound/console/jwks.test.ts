import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, test } from 'vitest';
import { keySetsOf, jwksFault } from '../../../../shared/inbound/console/jwks.ts';
import { jwtKeysIn, jwtKeysFault } from '../../../../shared/inbound/console/jwt-keys.ts';
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
  test('with a key of each algorithm is read, with and without "kid"', ({ expect }) => {
    const text = setOf(
      jwkOf(RSA.publicKey, { alg: 'RS256', kid: 'a', use: 'sig' }),
      jwkOf(EC.publicKey, { alg: 'ES256', kid: 'b' }),
      ED_JWK,
    );
    expect(jwksFault(text)).toBeUndefined();
    expect(jwtKeysFault(text)).toBeUndefined();
    expect(jwtKeysIn(text)).toMatchObject([
      { kid: 'a', algorithm: 'RS256' },
      { kid: 'b', algorithm: 'ES256' },
      { kid: '', algorithm: 'EdDSA' },
    ]);
  });

  test.for([
    ['that is not JSON', '{', 'must be a JSON Web Key Set, {"keys": […]}, of 1 to 16 keys'],
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
    expect(jwksFault(text)).toContain(why);
    expect(jwtKeysFault(text)).toContain(why);
  });

  test.for([
    [
      'of another type than its algorithm',
      jwkOf(EC.publicKey, { alg: 'EdDSA' }),
      'not a public key for EdDSA',
    ],
    [
      'with another curve',
      jwkOf(ec('P-384').publicKey, { alg: 'ES256' }),
      'not a public key for ES',
    ],
    ['of 1,024 bits', jwkOf(rsa(1_024).publicKey, { alg: 'RS256' }), 'fewer than 2048 bits'],
    ['with exponent 1', jwkOf(RSA.publicKey, { alg: 'RS256', e: 'AQ' }), 'less than 65537'],
    [
      'whose modulus is not base64url',
      { kty: 'RSA', n: '!', alg: 'RS256' },
      'not a public key for RS256',
    ],
    [
      'that is not a point of its curve',
      { ...jwkOf(EC.publicKey, {}), y: 'AA', alg: 'ES256' },
      'not a public key',
    ],
    ['for encryption', { ...ED_JWK, use: 'enc' }, 'not for signatures'],
    ['whose "kid" is a number', { ...ED_JWK, kid: 1 }, '"kid" is not a text'],
    ['with the same "kid" as another key', { ...ED_JWK, kid: '' }, 'two keys with the same "kid"'],
  ] as const)('with a key %s is refused when the console is opened', ([, key, why], { expect }) => {
    const text = setOf(ED_JWK, key);
    expect(jwksFault(text)).toBeUndefined();
    expect(() => jwtKeysIn(text)).toThrow(why);
    expect(jwtKeysFault(text)).toContain(why);
  });

  test('is needed only if the policy has a console', ({ expect }) => {
    expect(keySetsOf({ console: null })).toEqual([]);
    const [needed] = keySetsOf({ console: CONSOLE_RULE });
    expect(needed?.name).toBe('CONSOLE_JWKS');
    expect(needed?.faultIn(JWKS)).toBeUndefined();
  });
});
