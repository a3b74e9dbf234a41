import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { PROJECT_FOLDER, startLocalCloud } from '../local/start-local-cloud.ts';
import { launchBrowser } from './browser/launch-browser.ts';
import { build } from './build.ts';
import { chatShots } from './screenshots/chat.ts';
import { consoleShots } from './screenshots/console.ts';
import { saveTo } from './screenshots/save.ts';

const USAGE = `Usage: npm run screenshots [-- --only chat|console] [-- --out <folder>]

Takes pictures of the local chats and of the console for the documentation, by default into docs.`;

const SHOTS = { chat: chatShots, console: consoleShots };

/** Everything in the pictures is real: the functions run, and a browser shows their pages. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      out: { type: 'string', default: 'docs' },
      only: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help === true) {
    console.log(USAGE);
    return;
  }
  const folder = join(PROJECT_FOLDER, values.out);
  mkdirSync(folder, { recursive: true });
  await build();
  const browser = await launchBrowser();
  const local = await startLocalCloud();
  try {
    local.cloud.seed({ keyPairs: [{ name: 'ops-2025' }, { name: 'ops-2026' }] });
    for (const [name, shots] of Object.entries(SHOTS))
      if (values.only === undefined || values.only === name)
        await shots(browser, local, saveTo(folder));
  } finally {
    await browser.close();
    await local.cloud.stop();
  }
}

await main();
