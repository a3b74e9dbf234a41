import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser } from 'playwright-core';
import type { Platform } from '../local/chat/workspace.ts';
import { type LocalCloud, PROJECT_FOLDER, startLocalCloud } from '../local/start-local-cloud.ts';
import { launchBrowser } from '../test/support/browser.ts';
import { until } from '../test/support/until.ts';
import { build } from './build.ts';
import { type ChatPage, openChatPage } from './chat/chat-page.ts';

/** Our own choice: pictures live in the repository. */
const MAX_BYTES = 150_000;
const WIDTH = 860;

/** Run in the page: the card that is being edited stands at the lower end. */
const SHOW_CARD = `{
  const log = document.querySelector('#log');
  const isCard = (message) => message.innerText.includes('Restarting:');
  const card = [...document.querySelectorAll('#messages > li')].findLast(isCard);
  log.scrollTop = card.offsetTop + card.offsetHeight - log.offsetTop - log.clientHeight;
}`;

interface Shot {
  readonly platform: Platform;
  readonly dark: boolean;
  readonly height: number;
  /** Brings the page to what the picture shows. */
  readonly play: (page: ChatPage, order: string) => Promise<void>;
}

/** One moment of the same story on each platform. */
const SHOTS: readonly Shot[] = [
  {
    platform: 'slack',
    dark: false,
    height: 1_000,
    async play(page, order) {
      await page.say('alice', order);
      await page.be('bob');
      await shows(page, 'bob', /Approval needed/);
    },
  },
  {
    platform: 'dingtalk',
    dark: true,
    height: 580,
    async play(page, order) {
      await page.say('alice', order);
      await shows(page, 'bob', /Approval needed/);
      await page.press('bob', 'Approve', 'Approval needed');
      await shows(page, 'bob', /Wave: 2 of/);
      await page.page.evaluate(SHOW_CARD);
    },
  },
  {
    platform: 'feishu',
    dark: false,
    height: 800,
    async play(page, order) {
      await page.say('alice', order);
      await shows(page, 'bob', /Approval needed/);
      await page.press('bob', 'Approve', 'Approval needed');
      await shows(page, 'bob', /Done/);
    },
  },
];

/** Pictures of the local chat for the documentation: the functions, a browser, and nothing staged. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { out: { type: 'string', default: 'docs' } } });
  const folder = join(PROJECT_FOLDER, values.out);
  mkdirSync(folder, { recursive: true });
  await build();
  const browser = await launchBrowser();
  const local = await startLocalCloud();
  try {
    local.cloud.seed({ keyPairs: [{ name: 'ops-2025' }, { name: 'ops-2026' }] });
    for (const shot of SHOTS) await take(shot, browser, local, folder);
  } finally {
    await browser.close();
    await local.cloud.stop();
  }
}

async function take(
  { platform, dark, height, play }: Shot,
  browser: Browser,
  { chat, cloud }: LocalCloud,
  folder: string,
): Promise<void> {
  const { instanceIds } = cloud.seed({
    instances: [{ count: 8, name: `${platform}-web`, keyPairName: 'ops-2025' }],
  });
  const page = await openChatPage(browser, chat.url, platform, { width: WIDTH, height, dark });
  const order = `attach ops-2026 to ${instanceIds.join(',')} --max-unavailable 50% --bake 0 --note "rotation Q4"`;
  await play(page, order);
  // Fonts are in, and nothing is animated: what is there now is the picture.
  const path = join(folder, `chat-${platform}.png`);
  await page.page.screenshot({ path });
  const { size } = statSync(path);
  console.log(`${path}  ${(size / 1_000).toFixed(1)} kB`);
  if (size > MAX_BYTES)
    throw new Error(`Cannot keep "${path}": it is larger than ${MAX_BYTES} bytes`);
  if (page.faults.length > 0) throw new Error(`Cannot show ${platform}: ${page.faults.join('; ')}`);
  await page.page.context().close();
}

function shows(page: ChatPage, person: string, pattern: RegExp): Promise<void> {
  return until(`${person} being shown ${pattern}`, async () =>
    (await page.texts(person)).some((text) => pattern.test(text)),
  );
}

await main();
