import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { compactVerify } from 'jose';
import { describe, test } from 'vitest';
import { subjectOf } from '../../../../shared/inbound/console/jwt.ts';
import { jwtKeysIn } from '../../../../shared/inbound/console/jwt-keys.ts';

const NOW_SEC = Date.UTC(2026, 10, 24) / 1_000;

const RSA = generateKeyPairSync('rsa', { modulusLength: 2_048 });
const EC = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ED = generateKeyPairSync('ed25519');

const jwkOf = (key: KeyObject, more: object) => ({ ...key.export({ format: 'jwk' }), ...more });
const RULES = {
  keys: jwtKeysIn(
    JSON.stringify({
      keys: [
        jwkOf(RSA.publicKey, { kid: 'rsa', alg: 'RS256' }),
        jwkOf(EC.publicKey, { kid: 'ec', alg: 'ES256' }),
        jwkOf(ED.publicKey, { alg: 'EdDSA' }),
      ],
    }),
  ),
  issuer: 'https://login.example.com',
  audience: 'latchkey',
  nowMs: NOW_SEC * 1_000,
};
const CLAIMS = { iss: RULES.issuer, aud: 'latchkey', sub: 'alice', exp: NOW_SEC + 300 };

type Sign = (text: string) => Buffer;
const byRsa: Sign = (text) => sign('sha256', Buffer.from(text), RSA.privateKey);
const byEd: Sign = (text) => sign(null, Buffer.from(text), ED.privateKey);
const byEc: Sign = (text) =>
  sign('sha256', Buffer.from(text), { key: EC.privateKey, dsaEncoding: 'ieee-p1363' });

const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Signed with the RSA key, unless the test gives another header and signer. */
function token(claims: unknown = CLAIMS, header: object = {}, by: Sign = byRsa): string {
  const text = `${encoded({ alg: 'RS256', kid: 'rsa', typ: 'JWT', ...header })}.${encoded(claims)}`;
  return `${text}.${by(text).toString('base64url')}`;
}

/** RFC 7515 A.2 and A.3 sign the same claims. */
const RFC_CLAIMS =
  'eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ';

describe('a published signature is verified, and refused with a character more', () => {
  test.for([
    [
      'RS256 of RFC 7515 A.2',
      {
        alg: 'RS256',
        kty: 'RSA',
        e: 'AQAB',
        n: 'ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ',
      },
      `eyJhbGciOiJSUzI1NiJ9.${RFC_CLAIMS}`,
      'cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw',
    ],
    [
      'ES256 of RFC 7515 A.3',
      {
        alg: 'ES256',
        kty: 'EC',
        crv: 'P-256',
        x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
        y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
      },
      `eyJhbGciOiJFUzI1NiJ9.${RFC_CLAIMS}`,
      'DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q',
    ],
    [
      'EdDSA of RFC 8037 A.4',
      {
        alg: 'EdDSA',
        kty: 'OKP',
        crv: 'Ed25519',
        x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
      },
      'eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc',
      'hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg',
    ],
  ] as const)('%s', async ([, jwk, text, signature], { expect }) => {
    const { key } = jwtKeysIn(JSON.stringify({ keys: [jwk] }))[0]!;
    const { payload } = await compactVerify(`${text}.${signature}`, key);
    expect(Buffer.from(payload).toString('base64url')).toBe(text.split('.')[1]);
    await expect(compactVerify(`${text}A.${signature}`, key)).rejects.toThrow(
      'signature verification failed',
    );
  });
});

describe('a token is accepted', () => {
  test('that an RSA, an ECDSA or an Ed25519 key has signed', async ({ expect }) => {
    expect(await subjectOf(token(), RULES)).toBe('alice');
    expect(await subjectOf(token(CLAIMS, { alg: 'ES256', kid: 'ec' }, byEc), RULES)).toBe('alice');
    expect(await subjectOf(token(CLAIMS, { alg: 'EdDSA', kid: undefined }, byEd), RULES)).toBe(
      'alice',
    );
  });

  test('for one of several audiences', async ({ expect }) => {
    expect(await subjectOf(token({ ...CLAIMS, aud: ['other', 'latchkey'] }), RULES)).toBe('alice');
  });

  test('up to a minute before "nbf" and after "exp"', async ({ expect }) => {
    const claims = { ...CLAIMS, nbf: NOW_SEC + 60, exp: NOW_SEC - 59 };
    expect(await subjectOf(token(claims), RULES)).toBe('alice');
  });
});

describe('a token is refused', () => {
  test.for([
    ['that has expired', token({ ...CLAIMS, exp: NOW_SEC - 60 })],
    ['without "exp"', token({ ...CLAIMS, exp: undefined })],
    ['whose "exp" is not a number', token({ ...CLAIMS, exp: '9999999999' })],
    ['that is not valid yet', token({ ...CLAIMS, nbf: NOW_SEC + 61 })],
    ['whose "nbf" is not a number', token({ ...CLAIMS, nbf: '1' })],
    ['of another issuer', token({ ...CLAIMS, iss: 'https://login.example.com/' })],
    ['for another audience', token({ ...CLAIMS, aud: 'other' })],
    ['without an audience', token({ ...CLAIMS, aud: undefined })],
    ['without a subject', token({ ...CLAIMS, sub: undefined })],
    ['whose subject is not a text', token({ ...CLAIMS, sub: ['alice'] })],
    ['whose claims are not an object', token([CLAIMS])],
    ['of an unknown key', token(CLAIMS, { kid: 'other' })],
    ['without a "kid", of a key that has one', token(CLAIMS, { kid: undefined })],
    ['that names another algorithm than its key', token(CLAIMS, { alg: 'ES256' })],
    ['with a critical extension', token(CLAIMS, { crit: ['b64'] })],
    ['with a critical extension that `jose` supports', token(CLAIMS, { crit: ['b64'], b64: true })],
    ['signed by another key', token(CLAIMS, {}, byEc)],
    ['with its ECDSA signature in DER', token(CLAIMS, { alg: 'ES256', kid: 'ec' }, inDer)],
    ['with the algorithm "none"', token(CLAIMS, { alg: 'none' })],
    [
      'with the algorithm "none" and an empty signature',
      token(CLAIMS, { alg: 'none' }, () => Buffer.alloc(0)),
    ],
    ['of two parts', token().split('.').slice(0, 2).join('.')],
    ['of four parts', `${token()}.x`],
    ['with a space', `${token()} `],
    ['with padding', `${token()}=`],
    ['whose header is not JSON', `${Buffer.from('{').toString('base64url')}.e30.AA`],
    ['that is empty', ''],
  ] as const)('%s', async ([, text], { expect }) => {
    expect(await subjectOf(text, RULES)).toBeUndefined();
  });

  test('signed with the public key as if it were a shared secret', async ({ expect }) => {
    const pem = RSA.publicKey.export({ type: 'spki', format: 'pem' });
    const byHmac: Sign = (text) => createHmac('sha256', pem).update(text).digest();
    for (const alg of ['HS256', 'RS256']) {
      expect(await subjectOf(token(CLAIMS, { alg }, byHmac), RULES)).toBeUndefined();
    }
  });

  test('whose claims or header were changed', async ({ expect }) => {
    const [header, claims, signature] = token().split('.');
    const mallory = encoded({ ...CLAIMS, sub: 'mallory' });
    expect(await subjectOf(`${header}.${mallory}.${signature}`, RULES)).toBeUndefined();
    const other = encoded({ alg: 'RS256', kid: 'rsa' });
    expect(await subjectOf(`${other}.${claims}.${signature}`, RULES)).toBeUndefined();
  });

  test('whose signature has another length, without an error', async ({ expect }) => {
    for (const header of [{}, { alg: 'ES256', kid: 'ec' }, { alg: 'EdDSA', kid: undefined }]) {
      for (const bytes of [1, 2, 63, 64, 65, 255, 256, 257]) {
        const text = token(CLAIMS, header, () => Buffer.alloc(bytes, 1));
        expect(await subjectOf(text, RULES)).toBeUndefined();
      }
    }
  });

  test('of more than 4,096 characters', async ({ expect }) => {
    const padded = (length: number) => token({ ...CLAIMS, more: 'x'.repeat(length) });
    const [fits, tooLong] = [padded(2_500), padded(3_000)];
    expect(fits.length).toBeLessThanOrEqual(4_096);
    expect(tooLong.length).toBeGreaterThan(4_096);
    expect(await subjectOf(fits, RULES)).toBe('alice');
    expect(await subjectOf(tooLong, RULES)).toBeUndefined();
  });
});

function inDer(text: string): Buffer {
  return sign('sha256', Buffer.from(text), EC.privateKey);
}
