import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROJECT_FOLDER } from '../../local/start-local-cloud.ts';

/** How the copy differs from the deployed project. What is left out stays the same. */
export interface Changes {
  /** The time limit of every function. A lost claim is settled 30 s after it, so a short limit saves time. */
  readonly timeoutSec?: number;
  /** How often the timer runs. */
  readonly tickSec?: number;
  /** How long the trigger collects messages for a batch. */
  readonly batchWindowSec?: number;
  /**
   * The content of `policy.json`. The policy is part of the bundles, so they must be built in the
   * folder with `build(folder)`.
   */
  readonly policy?: object;
}

/** Makes a temporary folder with an `s.yaml` of its own, for a local cloud. It links the bundles, or copies the code. */
export function temporaryProject({ timeoutSec, tickSec, batchWindowSec, policy }: Changes) {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-'));
  let text = readFileSync(join(PROJECT_FOLDER, 's.yaml'), 'utf8');
  const change = (pattern: RegExp, replacement: string) => {
    const changed = text.replaceAll(pattern, replacement);
    if (changed === text) throw new Error(`Cannot change s.yaml: it has no ${pattern.source}`);
    text = changed;
  };
  if (timeoutSec !== undefined) change(/^ {6}timeout: \d+$/gm, `      timeout: ${timeoutSec}`);
  if (tickSec !== undefined) change(/'@every \w+'/g, `'@every ${tickSec}s'`);
  if (batchWindowSec !== undefined) {
    change(/TimeBasedWindow: \d+/g, `TimeBasedWindow: ${batchWindowSec}`);
  }
  writeFileSync(join(folder, 's.yaml'), text);
  if (policy === undefined) {
    symlinkSync(join(PROJECT_FOLDER, 'dist'), join(folder, 'dist'));
  } else {
    // Copies, because a bundler follows links, and would find the policy of the project itself.
    const files = readdirSync(PROJECT_FOLDER).filter((name) => name.endsWith('.json'));
    for (const name of ['functions', 'shared', 'console', ...files]) {
      cpSync(join(PROJECT_FOLDER, name), join(folder, name), { recursive: true });
    }
    symlinkSync(join(PROJECT_FOLDER, 'node_modules'), join(folder, 'node_modules'));
    writeFileSync(join(folder, 'policy.json'), JSON.stringify(policy, null, 2));
  }
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
