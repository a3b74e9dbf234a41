import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { type LocalCloud, PROJECT_FOLDER, startLocalCloud } from '../../local/start-local-cloud.ts';
import { parseWebhookSecret } from '../../shared/contract/webhook-secret.ts';
import { signWebhook } from '../../shared/contract/webhook-signature.ts';
import { build } from '../../tools/build.ts';
import { temporaryProject } from '../../tools/demo/temporary-project.ts';
import { CHROMIUM, launchBrowser } from '../../tools/browser/launch-browser.ts';
import { aCustomDomain } from '../support/custom-domain.ts';
import { anIssuer, CONSOLE_RULE } from '../support/tokens.ts';
import { until } from '../../tools/until.ts';

/** `attach` as it is built and deployed with a console, behind the gateway that docs/console.md shows. */

const { cookie: COOKIE } = CONSOLE_RULE;
const read = (name: string) => readFileSync(join(PROJECT_FOLDER, name), 'utf8');

// The schema of fc3 accepts only RSA keys in s.yaml.
const issuer = anIssuer('RS256');
const project = temporaryProject({
  policy: { ...(JSON.parse(read('policy.json')) as object), console: CONSOLE_RULE },
});
let local: LocalCloud;
let url: string;
/** The log lines of the functions. */
const logged: string[] = [];

/** The YAML of docs/console.md, with the key of this test's issuer. */
function documentedTrigger(): object {
  const block = /```yaml\n# s\.yaml, the trigger of attach\n([^`]*)```/.exec(
    read('docs/console.md'),
  )?.[1];
  const { triggerConfig } = parse(block!) as {
    triggerConfig: { authConfig: { jwks: { keys: object[] } } };
  };
  triggerConfig.authConfig.jwks.keys = [issuer.jwk];
  return triggerConfig;
}

beforeAll(async () => {
  await build(project.folder);
  const path = join(project.folder, 's.yaml');
  const sYaml = parse(readFileSync(path, 'utf8')) as {
    resources: { attach: { props: { triggers: { triggerConfig: object }[] } } };
  };
  sYaml.resources.attach.props.triggers[0]!.triggerConfig = documentedTrigger();
  writeFileSync(path, stringify(sYaml));
  local = await startLocalCloud({
    projectFolder: project.folder,
    environment: { CONSOLE_JWKS: issuer.jwks },
    onLog: (_, line) => logged.push(line),
  });
  url = local.cloud.endpoints.http['attach']!;
  local.cloud.seed({ keyPairs: [{ name: 'ops-2026' }] });
}, 120_000);

afterAll(async () => {
  await local.cloud.stop();
  project.remove();
});

const get = async (path: string, headers: Readonly<Record<string, string>> = {}) => {
  const reply = await fetch(`${url}${path}`, { headers, redirect: 'manual' });
  return { status: reply.status, headers: reply.headers, text: await reply.text() };
};
const withCookie = (token: string) => ({ cookie: `a=b; ${COOKIE}=${token}` });

/** Sends a signed request to the webhook, without a token. */
async function ask(method: 'GET' | 'POST', path: string, body = '') {
  const signed = signWebhook({
    secret: parseWebhookSecret(local.webhookSecret),
    id: `msg_${randomUUID()}`,
    timestampSec: Math.floor(Date.now() / 1_000),
    body: method === 'GET' ? `GET ${path}` : body,
  });
  const headers = { 'content-type': 'application/json', ...signed };
  const reply = await fetch(`${url}${path}`, { method, headers, ...(body && { body }) });
  return { status: reply.status, json: (await reply.json()) as Record<string, unknown> };
}

async function aRollout(): Promise<string> {
  const { instanceIds } = local.cloud.seed({ instances: [{ count: 2, name: 'web' }] });
  const { regionId } = local.cloud.kernel.settings;
  const request = { regionId, keyPairName: 'ops-2026', instanceIds, restart: 'never' };
  const { json } = await ask('POST', '/rollouts', JSON.stringify(request));
  return String(json['rolloutId']);
}

describe('behind the gateway that docs/console.md shows', () => {
  test('a request without a valid token does not reach the function', async ({ expect }) => {
    const instances = () => {
      const { functions } = local.cloud.fc.state() as {
        functions: Record<string, { instances: readonly unknown[] }>;
      };
      return functions['latchkey-attach']!.instances.length;
    };
    const before = instances();
    for (const path of ['/console', '/console/', '/console/main.js', '/console/api/rollouts']) {
      const { status, text } = await get(path);
      expect(status).toBe(403);
      expect(text).toContain('the request has no JWT');
    }
    const forged = anIssuer('RS256').token(Date.now());
    expect((await get('/console/', withCookie(forged))).text).toContain('wrong signature');
    const ended = issuer.token(Date.now(), { exp: Math.floor(Date.now() / 1_000) - 1 });
    expect((await get('/console/', withCookie(ended))).text).toContain('has expired');
    expect(instances()).toBe(before);
    await get('/healthz');
    expect(instances()).toBeGreaterThan(0);
  });

  test('an operator gets the page and the answers to its requests', async ({ expect }) => {
    const rolloutId = await aRollout();
    const signedIn = withCookie(issuer.token(Date.now()));
    const page = await get('/console/', signedIn);
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(page.text).toBe(read('console/index.html'));
    expect((await get('/console', signedIn)).headers.get('location')).toBe('/console/');
    const list = await get('/console/api/rollouts?limit=5', signedIn);
    expect(JSON.parse(list.text)).toMatchObject({ rollouts: [{ rolloutId }] });
    expect((await get('/console/api/go', signedIn)).status).toBe(404);
  });

  test.for([
    ['for another service', { aud: 'other' }, 401],
    ['of another issuer with the same keys', { iss: 'https://other.example.com' }, 401],
    ['that never expires', { exp: undefined }, 401],
    ['of a person whom the policy does not name', { sub: 'mallory' }, 403],
  ] as const)(
    'a token %s passes the gateway, and the function refuses it',
    async ([, claims, status], { expect }) => {
      const token = issuer.token(Date.now(), claims);
      const answer = await get('/console/api/rollouts', withCookie(token));
      expect(answer.status).toBe(status);
      expect(JSON.parse(answer.text)).toMatchObject({
        code: status === 401 ? 'unsigned' : 'forbidden',
      });
    },
  );

  test('a percent-encoded path passes the gateway, but the function refuses it', async ({
    expect,
  }) => {
    const { status, text } = await get('/%63onsole/api/rollouts');
    expect(status).toBe(401);
    expect(JSON.parse(text)).toMatchObject({ code: 'unsigned' });
  });

  test('the webhook needs a signature; a token does not replace it', async ({ expect }) => {
    expect(await ask('GET', '/stop')).toMatchObject({ status: 200, json: { stop: null } });
    expect((await get('/healthz')).status).toBe(200);
    expect((await get('/stop', withCookie(issuer.token(Date.now())))).status).toBe(401);
  });

  test('the log contains no token', async ({ expect }) => {
    await get('/console/', withCookie(issuer.token(Date.now())));
    await get('/console/', withCookie(issuer.token(Date.now(), { aud: 'other' })));
    await until('the line of the operator', async () =>
      logged.some((line) => line.includes('"operator":"alice"')),
    );
    expect(logged.filter((line) => line.includes('eyJ'))).toEqual([]);
  });
});

describe.skipIf(CHROMIUM === undefined)('in a browser', () => {
  let browser: Browser;
  let domain: Awaited<ReturnType<typeof aCustomDomain>>;
  beforeAll(async () => {
    browser = await launchBrowser();
    domain = await aCustomDomain(url);
  });
  afterAll(async () => {
    domain?.close();
    await browser?.close();
  });

  /** A browser with this token in its cookie. */
  async function open(token: string | undefined) {
    const context = await browser.newContext({ locale: 'en-GB' });
    if (token !== undefined) {
      const { hostname } = new URL(url);
      await context.addCookies([
        { name: COOKIE, value: token, domain: hostname, path: '/console', httpOnly: true },
      ]);
    }
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    const troubles: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') troubles.push(message.text());
    });
    page.on('pageerror', (error) => troubles.push(String(error)));
    return { context, page, troubles };
  }

  test('an operator sees rollouts', async ({ expect, onTestFinished }) => {
    const rolloutId = await aRollout();
    const { context, page, troubles } = await open(issuer.token(Date.now()));
    onTestFinished(() => context.close());
    await page.goto(`${domain.url}/console`);
    await page.getByRole('link', { name: rolloutId }).click();
    await page.getByRole('heading', { level: 1, name: rolloutId }).waitFor();
    expect(await page.locator('button.square').count()).toBe(2);
    expect(troubles).toEqual([]);
  }, 60_000);

  test('other people do not see the page', async ({ expect, onTestFinished }) => {
    const mallory = await open(issuer.token(Date.now(), { sub: 'mallory' }));
    const stranger = await open(undefined);
    onTestFinished(() => Promise.all([mallory.context.close(), stranger.context.close()]).then());
    for (const [{ page }, text] of [
      [mallory, 'the policy does not name you'],
      [stranger, 'the request has no JWT'],
    ] as const) {
      const reply = await page.goto(`${domain.url}/console/`);
      expect(reply?.status()).toBe(403);
      expect(await page.textContent('body')).toContain(text);
      expect(await page.locator('main').count()).toBe(0);
    }
  }, 60_000);

  test("at the trigger's own address the browser downloads the page and does not show it", async ({
    expect,
    onTestFinished,
  }) => {
    const { context, page } = await open(issuer.token(Date.now()));
    onTestFinished(() => context.close());
    await expect(page.goto(`${url}/console/`)).rejects.toThrow('Download is starting');
  }, 60_000);
});
