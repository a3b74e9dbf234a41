import type { Browser } from 'playwright-core';
import type { Platform } from '../../local/chat/workspace.ts';
import type { LocalCloud } from '../../local/start-local-cloud.ts';
import { until } from '../until.ts';
import { type ChatPage, openChatPage } from '../browser/chat-page.ts';
import type { Save } from './save.ts';

const WIDTH = 860;

/** Runs in the page. Scrolls until the card that is being edited is at the bottom. */
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
  /** What the picture shows after the approval; without it the picture shows what asks for the approval. */
  readonly approved?: RegExp;
  /** A script that runs in the page at last. */
  readonly script?: string;
}

/** A moment of the same story on each platform. */
const SHOTS: readonly Shot[] = [
  { platform: 'slack', dark: false, height: 1_000 },
  { platform: 'dingtalk', dark: true, height: 580, approved: /Wave: 2 of/, script: SHOW_CARD },
  { platform: 'feishu', dark: false, height: 800, approved: /Done/ },
];

/** Takes pictures of the local chat, on each platform. */
export async function chatShots(browser: Browser, local: LocalCloud, save: Save): Promise<void> {
  for (const shot of SHOTS) await take(shot, browser, local, save);
}

async function take(
  { platform, dark, height, approved, script }: Shot,
  browser: Browser,
  { chat, cloud }: LocalCloud,
  save: Save,
): Promise<void> {
  const { instanceIds } = cloud.seed({
    instances: [{ count: 8, name: `${platform}-web`, keyPairName: 'ops-2025' }],
  });
  const page = await openChatPage(browser, chat.url, platform, { width: WIDTH, height, dark });
  const order = `attach ops-2026 to ${instanceIds.join(',')} --max-unavailable 50% --bake 0 --note "rotation Q4"`;
  await page.say('alice', order);
  await shows(page, 'bob', /Approval needed/);
  if (approved !== undefined) {
    await page.press('bob', 'Approve', 'Approval needed');
    await shows(page, 'bob', approved);
  }
  if (script !== undefined) await page.page.evaluate(script);
  await save(page.page, `chat-${platform}`);
  if (page.faults.length > 0) throw new Error(`Cannot show ${platform}: ${page.faults.join('; ')}`);
  await page.page.context().close();
}

function shows(page: ChatPage, person: string, pattern: RegExp): Promise<void> {
  return until(`${person} being shown ${pattern}`, async () =>
    (await page.texts(person)).some((text) => pattern.test(text)),
  );
}
