import { createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { describe, test } from 'vitest';
import { verifies } from '../../../../local/cloud/fc/jwt/algorithms.ts';
import type { JwtConfig, JwtKey } from '../../../../local/cloud/fc/jwt/config.ts';
import { passJwt } from '../../../../local/cloud/fc/jwt/gateway.ts';
import { checkToken } from '../../../../local/cloud/fc/jwt/token.ts';
import type { WireRequest } from '../../../../local/http/wire.ts';

const NOW_MS = Date.parse('2026-01-01T00:00:00Z');
const NOW_SEC = NOW_MS / 1_000;

/** RFC 7515 A.2 and A.3: one payload, which expires at 1300819380. */
const RFC_PAYLOAD =
  'eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ';
const RFC_EXP_MS = 1_300_819_380_000;
const RFC_7515_A2 = {
  token: `eyJhbGciOiJSUzI1NiJ9.${RFC_PAYLOAD}.cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw`,
  key: keyOf('RS256', {
    kty: 'RSA',
    e: 'AQAB',
    n: 'ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ',
  }),
};
const RFC_7515_A3 = {
  token: `eyJhbGciOiJFUzI1NiJ9.${RFC_PAYLOAD}.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q`,
  key: keyOf('ES256', {
    kty: 'EC',
    crv: 'P-256',
    x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
    y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
  }),
};

function keyOf(alg: string, jwk: Record<string, string>, kid = ''): JwtKey {
  return { kid, alg, key: createPublicKey({ key: jwk, format: 'jwk' }) };
}

const PAIR = generateKeyPairSync('ed25519');
const KEY: JwtKey = { kid: '', alg: 'EdDSA', key: PAIR.publicKey };

function part(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function aToken(
  claims: unknown = { exp: NOW_SEC + 60 },
  header: object = {},
  privateKey: KeyObject = PAIR.privateKey,
): string {
  const signed = `${part({ alg: 'EdDSA', ...header })}.${part(claims)}`;
  return `${signed}.${sign(null, Buffer.from(signed), privateKey).toString('base64url')}`;
}

describe('a token', () => {
  test.for([
    ['RS256 of RFC 7515 A.2', RFC_7515_A2],
    ['ES256 of RFC 7515 A.3', RFC_7515_A3],
  ] as const)('%s is good to the second', ([, { token, key }], { expect }) => {
    expect(checkToken(token, [key], RFC_EXP_MS - 1)).toMatchObject({
      kind: 'good',
      claims: { iss: 'joe' },
    });
    expect(checkToken(token, [key], RFC_EXP_MS)).toEqual({ kind: 'bad', why: 'has expired' });
  });

  test('EdDSA verifies what RFC 8037 A.4 signed', ({ expect }) => {
    const { key } = keyOf('EdDSA', {
      kty: 'OKP',
      crv: 'Ed25519',
      x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
    });
    const signed = 'eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc';
    const signature = Buffer.from(
      'hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg',
      'base64url',
    );

    expect(verifies('EdDSA', key, signed, signature)).toBe(true);
    expect(verifies('EdDSA', key, `${signed}A`, signature)).toBe(false);
  });

  test.for([
    ['RS256', 'rsa'],
    ['PS384', 'rsa'],
    ['ES512', 'P-521'],
  ] as const)('of %s is checked by its own rules', ([alg, kind], { expect }) => {
    const { publicKey, privateKey } =
      kind === 'rsa'
        ? generateKeyPairSync('rsa', { modulusLength: 2048 })
        : generateKeyPairSync('ec', { namedCurve: kind });
    const signed = `${part({ alg })}.${part({ sub: 'me' })}`;
    const hash = `sha${alg.slice(2)}`;
    const key = {
      key: privateKey,
      dsaEncoding: 'ieee-p1363',
      ...(alg === 'PS384' && PSS),
    } as const;
    const signature = sign(hash, Buffer.from(signed), key);
    const token = `${signed}.${signature.toString('base64url')}`;

    expect(checkToken(token, [{ kid: '', alg, key: publicKey }], NOW_MS).kind).toBe('good');
    const other = alg === 'RS256' ? 'PS256' : 'RS256';
    expect(checkToken(token, [{ kid: '', alg: other, key: publicKey }], NOW_MS)).toEqual({
      kind: 'bad',
      why: "names another algorithm than the trigger's key",
    });
  });

  test.for([
    ['is no token of three parts', 'a.b'],
    ['is not well formed', 'a.b.c'],
    ['is not well formed', `${part({ alg: 'EdDSA' })}.${part([])}.AA`],
    ['is not well formed', `${aToken()}=`],
    ['has a wrong signature', `${aToken().slice(0, -86)}${'A'.repeat(86)}`],
    ['has a wrong signature', aToken({}, {}, generateKeyPairSync('ed25519').privateKey)],
    ["names another algorithm than the trigger's key", `${part({ alg: 'none' })}.${part({})}.AA`],
    ["names another algorithm than the trigger's key", aToken({}, { alg: 'HS256' })],
    ['has extensions that nobody here knows', aToken({}, { crit: ['b64'] })],
    ['names no key of the trigger', aToken({}, { kid: 'other' })],
    ['has expired', aToken({ exp: NOW_SEC })],
    ['has expired', aToken({ exp: String(NOW_SEC + 60) })],
    ['is not valid yet', aToken({ nbf: NOW_SEC + 1 })],
  ])('that %s is refused', ([why, token = ''], { expect }) => {
    expect(checkToken(token, [KEY], NOW_MS)).toEqual({ kind: 'bad', why });
  });

  test('without exp is good for ever, from nbf on', ({ expect }) => {
    expect(checkToken(aToken({ nbf: NOW_SEC }), [KEY], NOW_MS).kind).toBe('good');
    expect(checkToken(aToken({}), [KEY], NOW_MS * 2).kind).toBe('good');
  });

  test('finds its key by kid, so that two keys are in force while they are rotated', ({
    expect,
  }) => {
    const next = generateKeyPairSync('ed25519');
    const keys = [
      { ...KEY, kid: '2025' },
      { kid: '2026', alg: 'EdDSA', key: next.publicKey },
    ];

    expect(checkToken(aToken({}, { kid: '2025' }), keys, NOW_MS).kind).toBe('good');
    expect(checkToken(aToken({}, { kid: '2026' }, next.privateKey), keys, NOW_MS).kind).toBe(
      'good',
    );
    expect(checkToken(aToken({}, { kid: '2026' }), keys, NOW_MS).kind).toBe('bad');
    expect(checkToken(aToken({}), keys, NOW_MS).kind).toBe('bad');
  });
});

const PSS = { padding: 6, saltLength: 48 };

const CONFIG: JwtConfig = {
  keys: [KEY],
  lookup: [
    { kind: 'header', name: 'authorization', prefix: 'Bearer ' },
    { kind: 'header', name: 'x-token', prefix: '' },
  ],
  claims: [
    { claim: 'sub', header: 'x-who' },
    { claim: 'groups', header: 'x-groups' },
  ],
  paths: { kind: 'every' },
};

function aRequest(headers: Record<string, string>, path = '/rollouts'): WireRequest {
  return { method: 'POST', path, query: '', headers, body: Buffer.alloc(0), sourceIp: '::1' };
}

function pass(request: WireRequest, change: Partial<JwtConfig> = {}) {
  return passJwt(request, { ...CONFIG, ...change }, NOW_MS);
}

describe('a trigger with a JWT check', () => {
  test('forwards claims as headers, and what a client sends under their names goes', ({
    expect,
  }) => {
    const authorization = `Bearer ${aToken({ sub: 'me', groups: ['a', 'b'] })}`;

    expect(pass(aRequest({ authorization, 'x-who': 'forged', 'x-other': 'kept' }))).toMatchObject({
      kind: 'passed',
      request: {
        headers: { authorization, 'x-who': 'me', 'x-groups': '["a","b"]', 'x-other': 'kept' },
      },
    });
    const bare = pass(aRequest({ 'x-token': aToken({}), 'x-who': 'forged' }));
    expect(bare).toMatchObject({ kind: 'passed' });
    expect(JSON.stringify(bare)).not.toContain('forged');
  });

  test('finds the token in a cookie, whatever stands around it', ({ expect }) => {
    const lookup = [{ kind: 'cookie', name: 'session' }] as const;
    const token = aToken();
    const kindOf = (cookie: string) => pass(aRequest({ cookie }), { lookup }).kind;

    expect(kindOf(`session=${token}`)).toBe('passed');
    expect(kindOf(`a=b; session=${token}; c=d`)).toBe('passed');
    expect(kindOf(`asession=x; session=${token}`)).toBe('passed');
    expect(kindOf(`asession=${token}`)).toBe('refused');
    expect(kindOf(`session=x; session=${token}`)).toBe('refused');
    expect(pass(aRequest({ authorization: `Bearer ${token}` }), { lookup }).kind).toBe('refused');
  });

  test('forwards nothing that only looks like a claim', ({ expect }) => {
    const claims = [{ claim: 'constructor', header: 'x-who' }];

    const passage = pass(aRequest({ 'x-token': aToken({}) }), { claims });

    expect(JSON.stringify(passage)).not.toContain('x-who');
  });

  test.for([
    ['the request has no JWT', {}],
    ['the request has no JWT', { authorization: aToken() }],
    ['the JWT is no token of three parts', { authorization: 'Bearer x', 'x-token': aToken() }],
    ['the JWT is no token of three parts', { 'x-token': `${aToken()}, ${aToken()}` }],
    ['the JWT has expired', { 'x-token': aToken({ exp: 1 }) }],
  ] as const)('refuses: %s', ([message, headers], { expect }) => {
    expect(pass(aRequest(headers))).toEqual({
      kind: 'refused',
      error: { status: 403, code: 'AccessDenied', message },
    });
  });

  test.for([
    ['every-but', ['/healthz'], '/healthz', 'passed'],
    ['every-but', ['/healthz'], '/healthz/', 'refused'],
    ['every-but', ['/open/*'], '/open/a/b', 'passed'],
    ['every-but', ['/open/*'], '/open', 'refused'],
    ['only', ['/stop'], '/stop', 'refused'],
    ['only', ['/stop'], '/go', 'passed'],
  ] as const)('that guards %s %j: %s is %s', ([kind, patterns, path, is], { expect }) => {
    expect(pass(aRequest({}, path), { paths: { kind, patterns } }).kind).toBe(is);
  });
});
