import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { CODE_ENDING } from '../code-cache.ts';
import { usualEvents } from './events.ts';
import type { Site } from './site.ts';

const RUN = fileURLToPath(new URL('run.cjs', import.meta.url));
const start = promisify(execFile);
/** One run takes a fraction of a second. Our own choice. */
const RUN_MS = 30_000;

/** One file of a bundle. */
export interface Part {
  /** Where it lies. */
  readonly path: string;
  readonly source: Uint8Array;
}

/** One bundle to be run. */
export interface Cold {
  readonly name: string;
  /** What is loaded first, and what that may ask for. */
  readonly parts: readonly Part[];
}

/**
 * Runs bundles against a local cloud as they are run when they are first woken, and tells what V8 compiled of
 * each: code for functions that were never called is not in it. A function that does not start, as for want
 * of a secret that this machine does not have, is compiled as far as it came.
 *
 * @param root the project's folder; without a `s.yaml` in it bundles are loaded, and no more
 * @param tell gets what went wrong, a line each
 * @returns the code of each part of each
 */
export async function warmUp(
  root: string,
  bundles: readonly Cold[],
  tell: (line: string) => void,
): Promise<Buffer[][]> {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-warm-up-'));
  try {
    return await Promise.all(
      bundles.map(async (bundle) => {
        // Each in a cloud of its own: what one began another would carry on, or not, by chance.
        const site = await siteIn(root, tell);
        try {
          return await codeOf(bundle, site, folder, tell);
        } finally {
          await site?.stop();
        }
      }),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function siteIn(root: string, tell: (line: string) => void): Promise<Site | undefined> {
  if (!existsSync(join(root, 's.yaml'))) return undefined;
  try {
    // Half a second, and not needed as long as no bundle has changed.
    const { openSite } = await import('./site.ts');
    return await openSite(root);
  } catch (error) {
    tell(`Cannot start the local cloud of "${root}": ${(error as Error).message}`);
    return undefined;
  }
}

async function codeOf(
  { name, parts }: Cold,
  site: Site | undefined,
  folder: string,
  tell: (line: string) => void,
): Promise<Buffer[]> {
  // What lies there may be another build's by now.
  const copies = parts.map(({ path, source }, index) => {
    const copy = join(folder, `${name}-${index}.cjs`);
    writeFileSync(copy, source);
    return { path, source: copy, out: `${copy}${CODE_ENDING}` };
  });
  const woken = site?.startOf(name);
  const events = woken && site ? usualEvents(name, site) : [];
  const job = JSON.stringify({
    parts: copies,
    context: woken?.context ?? null,
    events: events.map((event) => event.toString('base64')),
  });
  const env = { NODE_OPTIONS: process.env['NODE_OPTIONS'] ?? '', ...woken?.env };
  const options = { env, timeout: RUN_MS, maxBuffer: Infinity };
  const { stderr } = await start(process.execPath, [RUN, job], options);
  if (stderr !== '') tell(`Cannot warm up "${name}": ${stderr.trim()}`);
  return copies.map(({ out }) => readFileSync(out));
}
