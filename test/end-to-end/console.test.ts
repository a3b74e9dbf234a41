import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { startLocalChat } from '../../local/chat/index.ts';
import { consolePages } from '../../local/console.ts';
import { aFleet, aService } from '../support/attach-service.ts';
import { CHROMIUM, launchBrowser } from '../../tools/browser/launch-browser.ts';
import { SECRET_TEXT } from '../models/http-event.ts';

const DAY_MS = 86_400_000;

/** The local console page and the real handler of `attach` behind an HTTP server, with simulated time. */
async function aSite() {
  const fleet = aFleet(12).map((one, n) => ({ ...one, name: `<b>web-${n}</b>` }));
  const service = aService(fleet);
  const server = createServer((incoming, outgoing) => {
    const { pathname, searchParams } = new URL(incoming.url ?? '/', 'http://localhost');
    const event = {
      version: 'v1',
      rawPath: pathname,
      headers: incoming.headers,
      queryParameters: Object.fromEntries(searchParams),
      requestContext: { http: { method: incoming.method, path: pathname } },
    };
    void service.send(Buffer.from(JSON.stringify(event))).then((reply) => {
      outgoing.writeHead(reply.statusCode, reply.headers).end(reply.body);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  let offMs = 0;
  const chat = await startLocalChat({
    functionUrl: () => '',
    pages: consolePages({
      folder: join(import.meta.dirname, '../../console'),
      attachUrl: () => `http://127.0.0.1:${port}`,
      webhookSecret: SECRET_TEXT,
      nowMs: () => service.world.now() + offMs,
    }),
  });
  return {
    ...service,
    url: chat.url,
    /** Makes Latchkey refuse all further requests: their timestamps are a day off. */
    refuse: () => {
      offMs = DAY_MS;
    },
    close: async () => {
      await chat.close();
      server.closeAllConnections();
      server.close();
    },
  };
}

describe.skipIf(CHROMIUM === undefined)('the console, in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  /** Opens a page and collects its errors. */
  async function open(
    onTestFinished: (run: () => Promise<void> | void) => void,
    options: Parameters<Browser['newContext']>[0] = {},
  ) {
    const site = await aSite();
    onTestFinished(site.close);
    const tab = await browser.newContext({ locale: 'en-GB', ...options });
    onTestFinished(() => tab.close());
    const page = await tab.newPage();
    page.setDefaultTimeout(10_000);
    const troubles: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') troubles.push(message.text());
    });
    page.on('pageerror', (error) => troubles.push(String(error)));
    return { ...site, page, troubles };
  }

  const squares = (page: Page) => page.locator('button.square');

  test('lists rollouts, shows one with all of its instances, and follows it live', async ({
    expect,
    onTestFinished,
  }) => {
    const { page, url, begin, world, troubles } = await open(onTestFinished);
    const rolloutId = await begin({ note: '<img src=x onerror=alert(1)>' });
    await page.goto(`${url}/console`);
    await page.getByRole('link', { name: rolloutId }).click();
    await page.getByRole('heading', { level: 1, name: rolloutId }).waitFor();
    expect(await squares(page).count()).toBe(12);
    expect(await page.locator('.badge').first().textContent()).toBe('restarting');
    await world.settle();
    await page.locator('.badge.done').waitFor();
    expect(await page.locator('button.square.ready').count()).toBe(12);
    expect(await page.title()).toContain('done');
    // Names and notes are shown as text, never as HTML.
    expect(await page.locator('main img, main .square b').count()).toBe(0);
    expect(await page.textContent('main')).toContain('<img src=x onerror=alert(1)>');
    expect(troubles).toEqual([]);
  }, 60_000);

  /** Shows one rollout and opens another, whose answer waits for `answer`. */
  async function openingAnother(onTestFinished: Parameters<typeof open>[0]) {
    const site = await open(onTestFinished);
    const { page, url, begin } = site;
    const rolloutId = await begin();
    const nextId = `ro-${'b'.repeat(26)}`;
    let answer: (reply: object) => void = () => {};
    const answered = new Promise<object>((resolve) => {
      answer = resolve;
    });
    await page.route(`**/rollouts/${nextId}`, async (route) => {
      await route.fulfill(await answered);
    });
    await page.goto(`${url}/console/#/${rolloutId}`);
    await page.getByRole('heading', { name: rolloutId }).waitFor();
    const json = (await page.evaluate(
      `fetch('./api/rollouts/${rolloutId}').then((reply) => reply.json())`,
    )) as object;
    await page.evaluate(`location.hash = '#/${nextId}'`);
    return { ...site, nextId, json, answer };
  }

  test('a rollout opens without the instance that was chosen in the rollout before', async ({
    expect,
    onTestFinished,
  }) => {
    const { page, nextId, json, answer } = await openingAnother(onTestFinished);

    await squares(page).nth(3).click();
    answer({ json: { ...json, rolloutId: nextId } });
    await page.getByRole('heading', { name: nextId }).waitFor();

    expect(await page.locator('button.square[aria-pressed="true"]').count()).toBe(0);
    expect(await page.locator('button.square[tabindex="0"]').count()).toBe(1);
  }, 60_000);

  test.for([
    [404, 'No such rollout'],
    [503, 'Cannot show this rollout'],
  ] as const)(
    'a rollout that is answered with %s does not show the rollout before',
    { timeout: 60_000 },
    async ([status, heading], { expect, onTestFinished }) => {
      const { page, answer } = await openingAnother(onTestFinished);

      answer({ status, json: { detail: 'Cannot read the rollout' } });
      await page.locator('.live.trouble').waitFor();

      expect(await page.locator('h1').allTextContents()).toEqual([heading]);
      expect(await page.title()).toBe('Latchkey');
    },
  );

  test('works by keyboard alone', async ({ expect, onTestFinished }) => {
    const { page, url, begin, world } = await open(onTestFinished);
    const rolloutId = await begin();
    await world.settle();
    await page.goto(`${url}/console/`);
    await page.getByRole('link', { name: rolloutId }).focus();
    await page.keyboard.press('Enter');
    await squares(page).first().focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    const chosen = page.locator('button.square[aria-pressed="true"]');
    await chosen.waitFor();
    expect(await chosen.evaluate((square) => square === square.ownerDocument.activeElement)).toBe(
      true,
    );
    expect(await page.locator('aside h3').textContent()).toMatch(/^i-/);
    await page.keyboard.press('End');
    expect(
      await squares(page)
        .last()
        .evaluate((square) => square === square.ownerDocument.activeElement),
    ).toBe(true);
  }, 60_000);

  test('fits a phone, and follows the dark colour scheme', async ({ expect, onTestFinished }) => {
    const { page, url, begin, world } = await open(onTestFinished, {
      viewport: { width: 390, height: 844 },
      colorScheme: 'dark',
    });
    const rolloutId = await begin();
    await world.settle();
    for (const path of ['#/', `#/${rolloutId}`]) {
      await page.goto(`${url}/console/${path}`);
      await page.getByRole('heading', { level: 1 }).waitFor();
      const [wide, seen] = await page.evaluate<[number, number]>(
        '[document.documentElement.scrollWidth, document.documentElement.clientWidth]',
      );
      expect(wide).toBeLessThanOrEqual(seen);
    }
    const paper = await page.evaluate('getComputedStyle(document.body).backgroundColor');
    expect(paper).toBe('rgb(20, 23, 26)');
  }, 60_000);

  test('says when Latchkey refuses a request, and when a rollout does not exist', async ({
    expect,
    onTestFinished,
  }) => {
    const { page, url, refuse } = await open(onTestFinished);
    await page.goto(`${url}/console/#/ro-${'a'.repeat(26)}`);
    await page.getByRole('heading', { name: 'No such rollout' }).waitFor();
    refuse();
    await page.goto(`${url}/console/#/`);
    await page.reload();
    await page.locator('.live.trouble').waitFor();
    expect(await page.textContent('#live')).toContain('Cannot accept the request');
  }, 60_000);
});
