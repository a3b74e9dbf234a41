import type { Browser } from 'playwright-core';
import type { LocalCloud } from '../../local/start-local-cloud.ts';
import { until } from '../until.ts';
import { GROUPS, WANTED_KEY_PAIR } from '../demo/fleet.ts';
import { refuseReboots } from '../demo/pilot.ts';
import { webhook } from '../demo/webhook.ts';
import type { Save } from './save.ts';

interface Look {
  readonly name: string;
  readonly dark: boolean;
  readonly width: number;
  readonly height: number;
}

const PHONE = 390;
const SHOW_GRID = `document.querySelector('h2').scrollIntoView()`;

/** The same moment on a light page, a dark page and a phone. */
const LOOKS: readonly Look[] = [
  { name: 'console', dark: false, width: 1_000, height: 1_040 },
  { name: 'console-dark', dark: true, width: 1_000, height: 1_040 },
  { name: 'console-phone', dark: false, width: PHONE, height: 844 },
];

/** A canary and then three waves. The pictures show the third one under way. */
const PACE = { maxUnavailable: '40%', ramp: 'canary', bakeSeconds: 0, haltAfterFailures: 2 };
const SHOWN_WAVE = 3;
/** An instance of the second wave. */
const REFUSED = 20;

/** Takes pictures of a rollout over the demo's fleet in the console. One instance refuses to reboot. */
export async function consoleShots(browser: Browser, local: LocalCloud, save: Save): Promise<void> {
  const { chat, cloud, webhookSecret } = local;
  const groups = GROUPS.map(({ seed }) => seed);
  const { instanceIds } = cloud.seed({ instances: groups });
  const refusedId = instanceIds[REFUSED]!;
  refuseReboots(cloud, refusedId);
  const client = webhook(cloud.endpoints.http['attach']!, webhookSecret);
  const { view } = await client.post('/rollouts', {
    regionId: cloud.kernel.settings.regionId,
    keyPairName: WANTED_KEY_PAIR,
    instanceIds,
    restart: 'auto',
    startStopped: true,
    note: 'rotation Q4',
    ...PACE,
  });
  const opened = await Promise.all(
    LOOKS.map((look) => open(browser, `${chat.url}/console#/${view.rolloutId}`, look)),
  );
  await until(`wave ${SHOWN_WAVE}`, async () => {
    const { wave, results } = await client.get(`/rollouts/${view.rolloutId}`);
    return (
      wave?.current === SHOWN_WAVE && results.some(({ restart }) => restart?.kind === 'booting')
    );
  });
  for (const { page, look, faults } of opened) {
    await page.locator('h3', { hasText: `Wave ${SHOWN_WAVE}` }).waitFor();
    // On a phone, the details are above the grid and the page is longer than the picture.
    if (look.width > PHONE) await page.locator(`#square-${refusedId}.failed`).click();
    await page.evaluate(look.width > PHONE ? 'scrollTo(0, 0)' : SHOW_GRID);
    await save(page, look.name);
    if (faults.length > 0) throw new Error(`Cannot show the console: ${faults.join('; ')}`);
    await page.context().close();
  }
  cloud.kernel.faults.replace([]);
}

async function open(browser: Browser, url: string, look: Look) {
  const { dark, width, height } = look;
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: dark ? 'dark' : 'light',
    locale: 'en-GB',
  });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  await page.goto(url);
  await page.locator('button.square').first().waitFor();
  return { page, look, faults };
}
