import type { Browser, Page } from 'playwright-core';
import type { Platform } from '../../local/chat/workspace.ts';
import type { ChatDriver } from './chat-driver.ts';

export interface ChatPage extends ChatDriver {
  readonly page: Page;
  /** Errors of the page, and what its content policy refused. */
  readonly faults: string[];
  be(person: string): Promise<void>;
}

export interface Look {
  readonly width?: number;
  readonly height?: number;
  readonly dark?: boolean;
}

/** Opens the local chat's page in a browser. */
export async function openChatPage(
  browser: Browser,
  url: string,
  platform: Platform,
  { width = 1_000, height = 800, dark = false }: Look = {},
): Promise<ChatPage> {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: dark ? 'dark' : 'light',
  });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  await page.goto(`${url}/chat#${platform}`);
  await page.waitForSelector('body[data-ready]');
  const be = async (person: string) => {
    await page.selectOption('#person', person);
  };
  return {
    page,
    faults,
    be,
    async say(person, text) {
      await be(person);
      await page.fill('#text', text);
      await page.press('#text', 'Enter');
    },
    async press(person, label, about) {
      await be(person);
      await page
        .locator('#messages > li')
        .filter({ hasText: about })
        .getByRole('button', { name: label, exact: true })
        .last()
        .click();
      const yes = page.locator('#confirm[open] #confirm-yes');
      // The dialog opens at once, or not at all.
      if (await yes.isVisible()) await yes.click();
    },
    async texts(person) {
      await be(person);
      const [messages, toasts] = await Promise.all([
        page.locator('#messages > li').allInnerTexts(),
        page.locator('#toast:visible').allInnerTexts(),
      ]);
      return [...messages, ...toasts];
    },
  };
}
