import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { type LocalCloud, startLocalCloud } from '../../local/start-local-cloud.ts';
import { chatApi } from '../support/chat-api.ts';
import { openChatPage } from '../../tools/browser/chat-page.ts';
import { temporaryProject } from '../../tools/demo/temporary-project.ts';
import { webhook } from '../../tools/demo/webhook.ts';
import { CHROMIUM, launchBrowser } from '../../tools/browser/launch-browser.ts';
import { approvalStory } from '../support/chat-story.ts';
import { until } from '../../tools/until.ts';

const PLATFORMS = ['slack', 'dingtalk', 'feishu'] as const;

/** On a busy machine a function can take longer to start than the 3 s that the platforms wait. */
const CHAT_DEADLINE_MS = 30_000;
const TEST_MS = 240_000;
const START_MS = 60_000;

describe.concurrent('two people and a rollout', () => {
  const project = temporaryProject({ batchWindowSec: 0 });
  let local: LocalCloud;
  beforeAll(async () => {
    const projectFolder = project.folder;
    local = await startLocalCloud({ projectFolder, chatDeadlineMs: CHAT_DEADLINE_MS });
    local.cloud.seed({ keyPairs: [{ name: 'ops-2025' }, { name: 'ops-2026' }] });
  }, START_MS);
  afterAll(async () => {
    await local?.cloud.stop();
    project.remove();
  });

  test.for(PLATFORMS)(
    'through the API of %s',
    { timeout: TEST_MS },
    async (platform, { expect }) => {
      const { cloud, chat } = local;
      const story = { name: `${platform}-wire`, reboots: true };
      await approvalStory(chatApi(chat.url, platform), cloud, story, expect);
    },
  );

  test(
    'a rollout requested by the webhook has a card in the channel that the policy names',
    { timeout: TEST_MS },
    async ({ expect }) => {
      const { cloud, chat, webhookSecret } = local;
      const { instanceIds } = cloud.seed({ instances: [{ name: 'hooked' }] });
      const client = webhook(cloud.endpoints.http['attach']!, webhookSecret);

      const { view } = await client.post('/rollouts', {
        regionId: 'cn-hangzhou',
        keyPairName: 'ops-2026',
        instanceIds,
        restart: 'never',
      });

      const { texts } = chatApi(chat.url, 'slack');
      const cards = async () =>
        (await texts('bob')).filter((text) => text.includes(view.rolloutId));
      await until('its card', async () => (await cards()).some((text) => /\bDone\b/.test(text)));
      expect(await cards()).toHaveLength(1);
    },
  );

  describe.skipIf(CHROMIUM === undefined)('in a browser', () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await launchBrowser();
    }, START_MS);
    afterAll(() => browser?.close());

    test.for([
      ['slack', true],
      ['dingtalk', false],
      ['feishu', false],
    ] as const)(
      'on the page of %s (with reboots: %s)',
      { timeout: TEST_MS },
      async ([platform, reboots], { expect }) => {
        const { cloud, chat } = local;
        const page = await openChatPage(browser, chat.url, platform);

        const story = { name: `${platform}-page`, reboots };
        const rolloutId = await approvalStory(page, cloud, story, expect);

        // The page shows the note as plain text, without mentions, links or markup.
        const card = page.page
          .locator('[data-author=latchkey] .body')
          .filter({ hasText: rolloutId })
          .filter({ hasText: /Note: / });
        expect(await card.count()).toBe(1);
        expect(await card.innerText()).toContain('channel');
        expect(await card.locator('.mention, a, strong, em').allInnerTexts()).toEqual([]);
        expect(page.faults).toEqual([]);
      },
    );
  });
});
