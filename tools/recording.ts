import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { PROJECT_FOLDER } from '../local/start-local-cloud.ts';
import { type CastLine, readCast, writeCast } from './recording/cast.ts';
import { drawCast } from './recording/draw.ts';

const USAGE = `Usage: npm run recording [-- --draw]

Runs npm run demo, records its output with the times in docs/demo.cast, and draws docs/demo.svg from it.

  --draw   only draws docs/demo.svg from docs/demo.cast again
  --help   shows this text`;

const COMMAND = 'npm run demo';
/** The longest line of the demo, and enough of its last lines to show how it ended. */
const [COLUMNS, ROWS] = [134, 42];

const CAST_PATH = join(PROJECT_FOLDER, 'docs', 'demo.cast');
const PICTURE_PATH = join(PROJECT_FOLDER, 'docs', 'demo.svg');

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { draw: { type: 'boolean' }, help: { type: 'boolean' } },
  });
  if (values.help === true) {
    console.log(USAGE);
    return;
  }
  if (values.draw !== true) await record();
  writeFileSync(PICTURE_PATH, drawCast(readCast(readFileSync(CAST_PATH, 'utf8'))));
}

/** @throws {Error} when the demo failed; nothing is written then */
async function record(): Promise<void> {
  const startedMs = Date.now();
  const lines: CastLine[] = [];
  const demo = spawn('npm', ['run', '--silent', 'demo'], {
    cwd: PROJECT_FOLDER,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  createInterface({ input: demo.stdout }).on('line', (text) => {
    lines.push({ atMs: Date.now() - startedMs, text });
    console.log(text);
  });
  const status = await new Promise<number | null>((resolve, reject) => {
    demo.once('error', reject);
    demo.once('close', resolve);
  });
  if (status !== 0) throw new Error(`Cannot record the demo: it ended with ${status}`);
  const columns = Math.max(COLUMNS, ...lines.map(({ text }) => text.length));
  const timestampSec = Math.floor(startedMs / 1_000);
  writeFileSync(
    CAST_PATH,
    writeCast({ columns, rows: ROWS, command: COMMAND, timestampSec, lines }),
  );
}

await main();
