import { describe, test } from 'vitest';
import { anHttpEvent } from '../../models/http-event.ts';
import { anIssuer, aToken, CONSOLE_RULE, JWKS } from '../../support/tokens.ts';
import { aFleet, aService } from '../../support/attach-service.ts';

const DOOR = { rule: CONSOLE_RULE, jwks: JWKS };

type Headers = Readonly<Record<string, string>>;

/** `attach` with a console, unless the test says otherwise. */
function aConsole(over: Parameters<typeof aService>[1] = { console: DOOR }) {
  const lines: string[] = [];
  const log = (...line: unknown[]) => {
    lines.push(
      JSON.stringify(line, (_, value) => (value instanceof Error ? value.message : value)),
    );
  };
  const service = aService(aFleet(2), { log, ...over });
  const signedIn = (): Headers => ({
    cookie: `a=b; ${CONSOLE_RULE.cookie}=${aToken(service.world.now())}`,
  });
  const look = (target: string, headers = signedIn(), method = 'GET') =>
    service.reply(anEvent(target, headers, method));
  const ask = async (target: string) => JSON.parse((await look(target)).body);
  return { ...service, lines, signedIn, look, ask };
}

function anEvent(target: string, headers: Headers, method: string): Buffer {
  const [path = '', query = ''] = target.split('?');
  return Buffer.from(
    JSON.stringify({
      version: 'v1',
      rawPath: path,
      headers,
      queryParameters: Object.fromEntries(new URLSearchParams(query)),
      requestContext: { http: { method, path: decodeURIComponent(path) } },
    }),
  );
}

/** One of each kind. */
const PLACES = ['/console', '/console/', '/console/main.js', '/console/api/rollouts', '/console/x'];

describe('the console, for somebody who has signed in', () => {
  test('is a page whose files are all served by the console', async ({ expect }) => {
    const { look } = aConsole();
    const page = await look('/console/');
    expect(page).toMatchObject({ statusCode: 200, isBase64Encoded: false });
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    const names = [...page.body.matchAll(/(?:src|href)="\.\/([^"]+)"/g)];
    expect(names.length).toBeGreaterThan(1);
    for (const [, name] of names) {
      expect((await look(`/console/${name}`)).statusCode, name).toBe(200);
    }
    expect(await look('/console')).toMatchObject({
      statusCode: 308,
      headers: { location: '/console/' },
    });
  });

  test('shows rollouts, one rollout, and the stop', async ({ expect }) => {
    const { ask, begin } = aConsole();
    const rolloutId = await begin();
    expect(await ask('/console/api/rollouts?limit=5')).toMatchObject({ rollouts: [{ rolloutId }] });
    expect(await ask(`/console/api/rollouts/${rolloutId}`)).toMatchObject({
      rolloutId,
      totalCount: 2,
    });
    expect(await ask('/console/api/stop')).toMatchObject({ stop: null });
  });

  test('sends the same strict headers with every answer, refusals included', async ({ expect }) => {
    const { look, world } = aConsole();
    const stranger = { authorization: `Bearer ${aToken(world.now(), { sub: 'mallory' })}` };
    const replies = [
      ...(await Promise.all(PLACES.map((path) => look(path)))),
      await look('/console/', {}),
      await look('/console/', stranger),
      await look('/console/api/rollouts?limit=1000'),
    ];
    expect(replies.map(({ statusCode }) => statusCode)).toEqual([
      308, 200, 200, 200, 404, 401, 403, 422,
    ]);
    for (const { headers } of replies) {
      expect(headers).toMatchObject({
        'content-security-policy': expect.stringMatching(/^default-src 'none'; script-src 'self';/),
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-store',
      });
    }
  });

  test('accepts the token as a bearer token or from either of two cookie headers', async ({
    expect,
  }) => {
    const { look, world } = aConsole();
    const token = aToken(world.now());
    const cookie = `${CONSOLE_RULE.cookie}=${token}`;
    for (const headers of [
      { Authorization: `Bearer ${token}` },
      { Authorization: `bearer ${token}`, Cookie: `${CONSOLE_RULE.cookie}=x` },
      { Authorization: 'Basic YWxpY2U6', cookie },
      { Cookie: 'a=b', cookie },
      // Another host of the domain may have set one of this name.
      { cookie: `${CONSOLE_RULE.cookie}=old; ${cookie}` },
    ]) {
      expect((await look('/console/', headers)).statusCode).toBe(200);
    }
  });
});

describe('the console is not shown', () => {
  test('without a valid token, and the answer does not tell what is wrong', async ({ expect }) => {
    const { look, world } = aConsole();
    const nowMs = world.now();
    const wrong = [
      'x.y.z',
      '',
      aToken(nowMs, { exp: Math.floor(nowMs / 1_000) - 60 }),
      aToken(nowMs, { aud: 'other' }),
      aToken(nowMs, { iss: 'https://evil.example.com' }),
      anIssuer().token(nowMs),
    ];
    const bodies = new Set<string>();
    for (const headers of [
      {},
      { 'x-jwt-sub': 'alice', 'x-who': 'alice' },
      { authorization: `Bearer ${aToken(nowMs)} x` },
      { cookie: `other=${aToken(nowMs)}` },
      ...wrong.map((token) => ({ cookie: `${CONSOLE_RULE.cookie}=${token}` })),
    ] as Headers[]) {
      for (const path of PLACES) {
        const { statusCode, body } = await look(path, headers);
        expect(statusCode).toBe(401);
        bodies.add(body);
      }
    }
    expect([...bodies].map((body) => JSON.parse(body))).toMatchObject([
      { code: 'unsigned', detail: 'Cannot show the console: sign in first' },
    ]);
  });

  test('when the token has expired', async ({ expect }) => {
    const { look, signedIn, world } = aConsole();
    const headers = signedIn();
    world.pass(361_000);
    expect((await look('/console/', headers)).statusCode).toBe(401);
  });

  test('to somebody who is not an operator in the policy', async ({ expect }) => {
    const { look, world } = aConsole();
    const headers = { authorization: `Bearer ${aToken(world.now(), { sub: 'mallory' })}` };
    for (const path of PLACES) expect((await look(path, headers)).statusCode).toBe(403);
  });

  test('without a console in the policy: its paths are answered like any unknown path', async ({
    expect,
  }) => {
    const { look, signedIn, reply } = aConsole({});
    for (const headers of [{}, signedIn()]) {
      for (const path of PLACES) {
        expect(await look(path, headers)).toEqual(await look('/no/such/path', headers));
      }
    }
    const client = await reply(anHttpEvent({ method: 'GET', path: '/console' }));
    expect(client.statusCode).toBe(404);
  });

  test('at a path that only begins like its own, or by another method', async ({ expect }) => {
    const { look, signedIn } = aConsole();
    for (const path of ['/consoles', '/console.html', '/Console/']) {
      expect(await look(path)).toEqual(await look('/no/such/path'));
    }
    for (const method of ['POST', 'HEAD', 'PUT', 'DELETE', 'OPTIONS']) {
      const { statusCode } = await look('/console/api/stop', signedIn(), method);
      expect(statusCode, method).toBe(method === 'POST' ? 415 : 405);
    }
  });

  test('without a token at a percent-encoded path', async ({ expect }) => {
    const { look } = aConsole();
    for (const path of ['/%63onsole/', '/console%2Fapi/stop']) {
      expect((await look(path, {})).statusCode).toBe(401);
    }
  });

  test('with an invalid key in the key set, and that is not logged as a bug', async ({
    expect,
  }) => {
    const jwks = '{"keys":[{"alg":"ES256"}]}';
    const { look, lines } = aConsole({ console: { ...DOOR, jwks } });
    const { statusCode, headers } = await look('/console/');
    expect(statusCode).toBe(503);
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff' });
    expect(lines.join('\n')).toContain('CONSOLE_JWKS has an invalid key');
    expect(lines.join('\n')).not.toContain('bug');
  });
});

describe('through the console', () => {
  test('nothing can be changed', async ({ expect }) => {
    const { look, begin, get, signedIn } = aConsole();
    const rolloutId = await begin();
    const signed = { ...signedIn(), 'content-type': 'application/json' };
    for (const path of [
      `/console/api/rollouts/${rolloutId}/abort`,
      '/console/api/stop',
      '/console/api/go',
      `/rollouts/${rolloutId}/abort`,
    ]) {
      expect((await look(path, signed, 'POST')).statusCode, path).toBe(401);
    }
    for (const path of [`rollouts/${rolloutId}/abort`, 'go', 'openapi.json', 'rollouts/../stop']) {
      expect((await look(`/console/api/${path}`)).statusCode, path).toBe(404);
    }
    expect((await look('/rollouts')).statusCode).toBe(401);
    expect((await get(`/rollouts/${rolloutId}`)).json.control).toEqual({ kind: 'going' });
  });

  test('no file outside the console is read', async ({ expect }) => {
    const { look } = aConsole();
    for (const name of [
      '../package.json',
      '..%2fpackage.json',
      'main.ts',
      '.env',
      'api',
      'a/b.js',
    ]) {
      expect((await look(`/console/${name}`)).statusCode, name).toBe(404);
    }
  });

  test('the log names who looked, and shows no token', async ({ expect }) => {
    const { look, lines, signedIn, world } = aConsole();
    const mallory = aToken(world.now(), { sub: 'mallory' });
    await look('/console/');
    await look('/console/', { authorization: `Bearer ${mallory}` });
    await look('/console/', { authorization: 'Bearer eyJhbGciOiJub25lIn0.e30.' });
    const all = lines.join('\n');
    expect(all).toContain('"operator":"alice"');
    expect(all).toContain('"operator":"mallory"');
    expect(all).not.toMatch(/eyJ|cookie|authorization/i);
    expect(all).not.toContain(signedIn()['cookie']);
  });
});
