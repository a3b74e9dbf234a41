import { generateKeyPairSync, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'vitest';
import { makeHandler } from '../../functions/attach/handler.ts';
import { parseJwks } from '../../shared/inbound/jwt.ts';
import { context } from '../support/http-event.ts';
import { aFleet, aService } from './attach-service.ts';

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const DOOR = {
  keys: parseJwks(
    JSON.stringify({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k', alg: 'EdDSA' }] }),
  ),
  issuer: 'https://login.example.com',
  audience: 'latchkey',
  cookie: 'latchkey_token',
  operators: ['alice'],
};
const FOLDER = join(import.meta.dirname, '../../console');
const CONSOLE = { door: DOOR, read: (name: string) => readFileSync(join(FOLDER, name), 'utf8') };

function tokenFor(sub: string, nowMs: number): string {
  const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const exp = Math.floor(nowMs / 1_000) + 300;
  const claims = { iss: DOOR.issuer, aud: DOOR.audience, sub, exp };
  const text = `${encoded({ alg: 'EdDSA', kid: 'k' })}.${encoded(claims)}`;
  return `${text}.${sign(null, Buffer.from(text), privateKey).toString('base64url')}`;
}

/** `attach` with a console, and one finished request to look at. */
function aConsole(over: Parameters<typeof aService>[1] = { console: CONSOLE }) {
  const service = aService(aFleet(2), over);
  const handler = makeHandler({
    ...service.world.ports,
    regionId: 'cn-hangzhou',
    clients: [],
    ledger: { take: () => Promise.reject(new Error('never')), finish: () => Promise.resolve() },
    ...(over.console && { console: over.console }),
  });
  const look = async (
    path: string,
    headers: Readonly<Record<string, string>> = {
      cookie: `a=b; ${DOOR.cookie}=${tokenFor('alice', service.world.now())}`,
    },
    method = 'GET',
  ) =>
    handler(
      Buffer.from(
        JSON.stringify({
          version: 'v1',
          rawPath: path.split('?')[0],
          headers,
          queryParameters: Object.fromEntries(new URLSearchParams(path.split('?')[1] ?? '')),
          requestContext: { http: { method, path: path.split('?')[0] } },
        }),
      ),
      context,
    );
  return { ...service, look };
}

describe('the console, for whoever has signed in', () => {
  test('is a page with its files, that loads nothing from elsewhere', async ({ expect }) => {
    const { look } = aConsole();
    const page = await look('/console/');
    expect(page.statusCode).toBe(200);
    expect(page.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
    });
    for (const [, name] of page.body.matchAll(/(?:src|href)="\.\/([^"]+)"/g)) {
      expect((await look(`/console/${name}`)).statusCode).toBe(200);
    }
    expect(await look('/console')).toMatchObject({
      statusCode: 308,
      headers: { location: '/console/' },
    });
  });

  test('shows rollouts, one rollout, and the stop', async ({ expect }) => {
    const { look, begin } = aConsole();
    const rolloutId = await begin();
    const list = JSON.parse((await look('/console/api/rollouts?limit=5')).body);
    expect(list.rollouts).toMatchObject([{ rolloutId }]);
    const one = JSON.parse((await look(`/console/api/rollouts/${rolloutId}`)).body);
    expect(one).toMatchObject({ rolloutId, totalCount: 2 });
    expect(JSON.parse((await look('/console/api/stop')).body)).toMatchObject({ stop: null });
  });

  test('takes the token as a bearer too', async ({ expect }) => {
    const { look, world } = aConsole();
    const authorization = `Bearer ${tokenFor('alice', world.now())}`;
    expect((await look('/console/', { authorization })).statusCode).toBe(200);
  });
});

describe('the console is not shown', () => {
  test('to anybody without a token, whatever a header claims', async ({ expect }) => {
    const { look } = aConsole();
    for (const headers of [
      {},
      { 'x-jwt-sub': 'alice' },
      { cookie: `${DOOR.cookie}=` },
      { cookie: `${DOOR.cookie}=x.y.z` },
      { authorization: 'Basic YWxpY2U6' },
    ]) {
      for (const path of ['/console', '/console/', '/console/main.js', '/console/api/rollouts']) {
        expect((await look(path, headers as Record<string, string>)).statusCode).toBe(401);
      }
    }
  });

  test('with a token that has ended', async ({ expect }) => {
    const { look, world } = aConsole();
    const token = tokenFor('alice', world.now());
    world.pass(361_000);
    expect((await look('/console/', { authorization: `Bearer ${token}` })).statusCode).toBe(401);
  });

  test('to somebody whom the policy does not name', async ({ expect }) => {
    const { look, world } = aConsole();
    const authorization = `Bearer ${tokenFor('mallory', world.now())}`;
    expect((await look('/console/api/rollouts', { authorization })).statusCode).toBe(403);
  });

  test('where the policy has none', async ({ expect }) => {
    expect((await aConsole({}).look('/console/')).statusCode).toBe(401);
  });
});

describe('through the console', () => {
  test('nothing can be changed', async ({ expect }) => {
    const { look, begin, get } = aConsole();
    const rolloutId = await begin();
    for (const path of [`/console/api/rollouts/${rolloutId}/abort`, '/console/api/stop']) {
      expect((await look(path, undefined, 'POST')).statusCode).not.toBe(200);
    }
    expect((await look(`/console/api/rollouts/${rolloutId}/abort`)).statusCode).toBe(405);
    expect((await get(`/rollouts/${rolloutId}`)).json.control).toEqual({ kind: 'going' });
  });

  test('no other file is read', async ({ expect }) => {
    const { look } = aConsole();
    for (const name of [
      '../package.json',
      '..%2fpackage.json',
      'main.ts',
      '.env',
      'api',
      'a/b.js',
    ]) {
      expect((await look(`/console/${name}`)).statusCode).toBe(404);
    }
  });
});
