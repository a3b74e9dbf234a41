import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { WORKSPACE } from '../../../local/chat/workspace.ts';
import { openChatPage } from '../../../tools/browser/chat-page.ts';
import { CHROMIUM, launchBrowser } from '../../../tools/browser/launch-browser.ts';
import { aChat } from './a-chat.ts';
import { until } from '../../../tools/until.ts';

const { channelId } = WORKSPACE.slack;
const mrkdwn = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text } });
const plain = (text: string) => ({ type: 'plain_text', text });
const actions = (...elements: object[]) => ({ type: 'actions', elements });
const button = (text: string, more = {}) => ({
  type: 'button',
  text: plain(text),
  value: `v1.${text}`,
  ...more,
});
const confirm = {
  title: plain('Approve'),
  text: plain('8 instances?'),
  confirm: plain('Yes, do'),
  deny: plain('No'),
};

/** What Slack posts when a button is pressed. */
function payloadOf({ body }: { body: Buffer }) {
  const payload = new URLSearchParams(body.toString()).get('payload')!;
  return JSON.parse(payload) as { user: { id: string }; actions: { value: string }[] };
}

/** `waitForFunction` would not work: it evaluates text in the page, which the page's security policy forbids. */
function untilNoPressPends(page: Page): Promise<void> {
  return until('every press answered', () => page.evaluate<boolean>(NOTHING_PENDING));
}

/** The page evaluates these. */
const NOTHING_PENDING = "document.querySelectorAll('button:disabled').length === 0";
const COLOURS = `(({ backgroundColor, color }) => ({ backgroundColor, color }))(getComputedStyle(document.body))`;
type Colours = Record<'backgroundColor' | 'color', string>;

describe.skipIf(CHROMIUM === undefined)('the page in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  }, 60_000);
  afterAll(() => browser?.close());

  async function slackPage(look = {}) {
    const chat = await aChat();
    const post = (...blocks: object[]) =>
      chat.post('/api/chat.postMessage', { channel: channelId, text: 'x', blocks }, 'POST', {
        authorization: `Bearer ${chat.secrets.slackBotToken}`,
      });
    const shown = await openChatPage(browser, chat.url, 'slack', look);
    return { ...chat, ...shown, postBlocks: post };
  }

  test('shows mentions and links as Slack would, and never turns text into HTML', async ({
    expect,
  }) => {
    const { page, postBlocks, faults } = await slackPage();

    await postBlocks(
      mrkdwn('*bold* `code` <@U0BOB> <https://a.example|here> <b>no</b> &lt;i&gt;no&lt;/i&gt;'),
      { type: 'section', text: plain('<@U0BOB> *plain* <img src=x onerror=alert(1)>') },
    );
    const [first, second] = [page.locator('.section').nth(0), page.locator('.section').nth(1)];

    await first.waitFor();
    expect(await first.locator('strong, code, .mention, a').allInnerTexts()).toEqual([
      'bold',
      'code',
      '@bob',
      'here',
    ]);
    expect(await first.innerText()).toContain('<b>no</b> <i>no</i>');
    expect(await second.innerText()).toBe('<@U0BOB> *plain* <img src=x onerror=alert(1)>');
    expect(await second.locator('strong, .mention, img').count()).toBe(0);
    expect(faults).toEqual([]);
  });

  test('sends a press with a confirmation dialog only after yes', async ({ expect }) => {
    const { page, postBlocks, asked } = await slackPage();
    await postBlocks(actions(button('Approve', { confirm, style: 'primary' }), button('Pause')));
    const approve = page.getByRole('button', { name: 'Approve' });

    await approve.click();
    expect(await page.locator('#confirm-text').innerText()).toBe('8 instances?');
    await page.keyboard.press('Escape');
    await approve.click();
    await page.getByRole('button', { name: 'No', exact: true }).click();
    await page.getByRole('button', { name: 'Pause' }).click();
    await untilNoPressPends(page);
    await approve.click();
    await page.getByRole('button', { name: 'Yes, do' }).click();
    await untilNoPressPends(page);

    expect(asked.map((each) => payloadOf(each).actions[0]!.value)).toEqual([
      'v1.Pause',
      'v1.Approve',
    ]);
  });

  test('sends a press for the person and platform of the press, when others are chosen before the confirmation', async ({
    expect,
  }) => {
    const { page, postBlocks, asked, be } = await slackPage();
    await postBlocks(actions(button('Approve', { confirm })));
    await be('bob');
    await page.getByRole('button', { name: 'Approve' }).click();

    await be('alice');
    await page.evaluate("document.querySelector('#tab-feishu').click()");
    await page.locator('#confirm-yes').click();
    await expect.poll(() => asked.length).toBe(1);

    expect(payloadOf(asked[0]!)).toMatchObject({ user: { id: 'U0BOB' } });
  });

  test('presses the button that was shown, when the message is edited before the confirmation', async ({
    expect,
  }) => {
    const { page, postBlocks, post, secrets, asked, seen } = await slackPage();
    await postBlocks(actions(button('Approve', { confirm })));
    await page.getByRole('button', { name: 'Approve' }).click();

    const { id } = seen('slack', 'alice')[0]!;
    const edited = { channel: channelId, ts: id, text: 'x', blocks: [actions(button('Abort'))] };
    const authorization = `Bearer ${secrets.slackBotToken}`;
    await post('/api/chat.update', edited, 'POST', { authorization });
    await page.getByRole('button', { name: 'Abort', includeHidden: true }).waitFor();
    await page.locator('#confirm-yes').click();
    await expect.poll(() => asked.length).toBe(1);

    expect(payloadOf(asked[0]!).actions[0]!.value).toBe('v1.Approve');
  });

  test('shows a failed press only to the person who pressed', async ({ expect }) => {
    const { page, postBlocks, be } = await slackPage();
    await postBlocks(actions(button('Pause')));
    let fail = () => {};
    const failed = new Promise<void>((resolve) => {
      fail = resolve;
    });
    await page.route('**/chat/press', async (route) => {
      await failed;
      await route.fulfill({ status: 404, json: { detail: 'Cannot press: no such message' } });
    });
    const pause = page.getByRole('button', { name: 'Pause' });

    await pause.click();
    await be('bob');
    const answered = page.waitForResponse('**/chat/press');
    fail();
    await (await answered).finished();
    // The page reads answers in order. When it has this one, it has handled the failure, too.
    await page.evaluate("fetch('/chat/messages').then((reply) => reply.json())");
    expect(await page.locator('#toast').isVisible()).toBe(false);

    await pause.click();
    await page.locator('#toast').waitFor();
    await be('alice');
    expect(await page.locator('#toast').isVisible()).toBe(false);
  });

  test('shows a private message to no other person', async ({ expect }) => {
    const { answer, say, texts } = await slackPage();
    answer.body = JSON.stringify({ text: 'only you' });

    await say('alice', 'help');

    await expect.poll(() => texts('alice')).toHaveLength(2);
    expect(await texts('bob')).toEqual([]);
  });

  test('works by keyboard alone', async ({ expect }) => {
    const { page, postBlocks, asked, seen } = await slackPage();
    await postBlocks(actions(button('Pause')));
    await page.getByRole('button', { name: 'Pause' }).waitFor();

    await page.focus('#tab-slack');
    await page.keyboard.press('ArrowRight');
    expect(await page.getAttribute('#tab-dingtalk', 'aria-selected')).toBe('true');
    await page.keyboard.press('ArrowLeft');
    // Tab goes to the messages, the button, the person and the line.
    for (const key of ['Tab', 'Tab', 'Enter']) await page.keyboard.press(key);
    await expect.poll(() => asked.length).toBe(1);
    for (const key of ['Tab', 'b', 'Tab']) await page.keyboard.press(key);
    await page.keyboard.type('status');
    await page.keyboard.press('Enter');

    await expect.poll(() => seen('slack', 'bob').at(-1)?.author).toBe('bob');
    await page.keyboard.press('ArrowUp');
    expect(await page.inputValue('#text')).toBe('status');
  });

  test('shows an edited message without scrolling', async ({ expect }) => {
    const { page, postBlocks, post, secrets } = await slackPage();
    for (let i = 0; i < 5; i++) await postBlocks(mrkdwn('x\n'.repeat(40)));
    await expect.poll(() => page.locator('#messages > li').count()).toBe(5);
    await page.evaluate("document.querySelector('#log').scrollTop = 100");
    const first = await page.locator('#messages > li').first().getAttribute('data-id');

    await post(
      '/api/chat.update',
      { channel: channelId, ts: first, text: 'x', blocks: [mrkdwn('edited\n'.repeat(40))] },
      'POST',
      { authorization: `Bearer ${secrets.slackBotToken}` },
    );

    await expect
      .poll(() => page.locator('#messages > li').first().innerText())
      .toContain('edited 1×');
    expect(await page.locator('#messages > li').count()).toBe(5);
    expect(await page.evaluate("document.querySelector('#log').scrollTop")).toBe(100);
  });

  test.for([
    [390, false],
    [320, true],
    [1_200, true],
  ] as const)('fits a width of %s px (dark: %s)', async ([width, dark], { expect }) => {
    const { page, postBlocks, faults } = await slackPage({ width, dark });
    const code = {
      type: 'rich_text_preformatted',
      elements: [{ type: 'text', text: 'x'.repeat(300) }],
    };
    await postBlocks(
      { type: 'header', text: plain('h'.repeat(100)) },
      { type: 'section', fields: [plain('a'.repeat(80)), plain('b')] },
      { type: 'rich_text', elements: [code] },
      actions(...['Pause', 'Abort', 'Undo'].map((text) => button(text.repeat(4)))),
    );
    await page.locator('.buttons').waitFor();

    const wider = await page.evaluate('document.documentElement.scrollWidth > innerWidth');
    expect(wider).toBe(false);
    expect(faults).toEqual([]);
    const { backgroundColor: back, color: ink } = await page.evaluate<Colours>(COLOURS);
    expect(back === 'rgb(255, 255, 255)').toBe(!dark);
    expect(ink).not.toBe(back);
  });
});
