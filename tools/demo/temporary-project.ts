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

/** What differs from the project as it is deployed; whatever is left out does not. */
export interface Changes {
  /** Time limit of every function. Shorter, an owner is known to be dead sooner: that, and 30 s. */
  readonly timeoutSec?: number;
  /** How often the timer looks for what stands still. */
  readonly tickSec?: number;
  /** How long the queue's messages are collected. */
  readonly batchWindowSec?: number;
  /**
   * What `policy.json` holds. It is part of the bundles: with another, they are still to be built in
   * the folder (`build(folder)`).
   */
  readonly policy?: object;
}

/** A folder with this project's bundles, or its code, and an `s.yaml` of its own, to start a local cloud around. */
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
    // Copies: a bundler that follows a link out of the folder would find the project's own policy.
    const files = readdirSync(PROJECT_FOLDER).filter((name) => name.endsWith('.json'));
    for (const name of ['functions', 'shared', 'console', ...files]) {
      cpSync(join(PROJECT_FOLDER, name), join(folder, name), { recursive: true });
    }
    symlinkSync(join(PROJECT_FOLDER, 'node_modules'), join(folder, 'node_modules'));
    writeFileSync(join(folder, 'policy.json'), JSON.stringify(policy, null, 2));
  }
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
