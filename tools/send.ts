/**
 * `npm run send events/<file> [-- --port-base <n>]`: sends one sample to the running local cloud, by the
 * way that it would come in, and prints what was sent and what was answered.
 */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { deliver, type Endpoints } from './deliver.ts';
import { readManifest, readSample } from './samples.ts';

/** The first port of the local cloud, unless `--port-base` says otherwise. */
const DEFAULT_PORT_BASE = 9000;

const USAGE = 'npm run send events/<file> [-- --port-base <n>]';

/** The ports of the local cloud: docs/local-cloud.md. */
function endpointsOf(portBase: number): Endpoints {
  const at = (offset: number) => `http://127.0.0.1:${portBase + offset}`;
  return { attach: at(0), smq: at(2), fc: at(4), eventBridge: at(5) };
}

/** The secret that `npm start` wrote for this port, or else the one in the environment. */
async function webhookSecretOf(portBase: number): Promise<string> {
  const file = join('.local', `webhook-secret-${portBase}`);
  try {
    return (await readFile(resolve(import.meta.dirname, '..', file), 'utf8')).trim();
  } catch {
    const [first] = (process.env['WEBHOOK_SECRETS'] ?? '').split(/[\s,]+/).filter(Boolean);
    if (first !== undefined) return first;
    throw new Error(
      `Cannot sign: there is neither ${file}, which "npm start" writes, nor WEBHOOK_SECRETS`,
    );
  }
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: { 'port-base': { type: 'string' }, help: { type: 'boolean' } },
    allowPositionals: true,
  });
  const manifest = await readManifest();
  const [path, ...others] = positionals;
  if (values.help === true || path === undefined || others.length > 0) {
    const width = Math.max(...manifest.map(({ file }) => file.length));
    const lines = manifest.map(({ file, what }) => `  events/${file.padEnd(width)}  ${what}`);
    process.stdout.write(`${USAGE}\n\n${lines.join('\n')}\n`);
    return values.help === true ? 0 : 2;
  }
  const portBase = Number(values['port-base'] ?? DEFAULT_PORT_BASE);
  if (!Number.isInteger(portBase) || portBase < 1 || portBase > 65_525) {
    throw new Error(`Cannot use port base "${values['port-base']}": not a port`);
  }
  const entry = manifest.find(({ file }) => file === basename(path));
  if (entry === undefined) {
    throw new Error(`Cannot send "${path}": not in events/manifest.json`);
  }
  const results = await deliver(entry, await readSample(entry.file), {
    endpoints: endpointsOf(portBase),
    webhookSecret: () => webhookSecretOf(portBase),
    now: () => new Date(),
    newId: () => randomUUID().toUpperCase(),
  });
  for (const { sent, answer } of results) process.stdout.write(`${sent}\n  ${answer}\n`);
  return results.every(({ ok }) => ok) ? 0 : 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    process.exitCode = await main();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
  }
}
