import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { test } from 'vitest';
import { EXIT } from '../../cli/exit.ts';
import { helpTexts, PAGE, shownIn, withHelp } from '../../tools/cli-help.ts';
import { run } from './cli-world.ts';

const page = readFileSync(PAGE, 'utf8');
const BIN = fileURLToPath(new URL('../../bin/latchkey.js', import.meta.url));

const io = {
  http: () => Promise.reject(new Error('nothing is asked')),
  nowMs: () => 0,
  pause: () => Promise.resolve(),
  newId: () => 'msg_1',
};

test('docs/cli.md shows the help of every command as it is (npm run cli-help)', ({ expect }) => {
  const helps = helpTexts();
  expect(shownIn(page).toSorted()).toEqual([...helps.keys()].toSorted());
  expect(withHelp(page, helps)).toBe(page);
});

test('docs/cli.md has an example of every command, and every exit status', ({ expect }) => {
  const commands = [...helpTexts().keys()].filter((name) => name !== 'latchkey');
  const example = (name: string) => new RegExp(`^\\$ npx latchkey ${name}\\b`, 'm');
  expect(commands.filter((name) => !example(name).test(page))).toEqual([]);
  for (const status of Object.values(EXIT))
    expect(page).toMatch(new RegExp(`^\\| ${status} +\\|`, 'm'));
});

test('help is no error, and a missing command is one', async ({ expect }) => {
  for (const [name, text] of helpTexts()) {
    const args = name === 'latchkey' ? ['--help'] : [name, '--help'];
    expect(await run(args, io)).toEqual({ exit: 0, out: text, err: '', asked: [] });
  }
  const bare = await run([], io);
  expect(bare.exit).toBe(2);
});

test('no help has a flag that takes a secret', ({ expect }) => {
  for (const text of helpTexts().values()) {
    expect(text).not.toMatch(/--(?:secret|password|token|access-key[a-z-]*) </);
  }
});

test('npx latchkey runs without a build step', async ({ expect }) => {
  const { stdout } = await promisify(execFile)(process.execPath, [BIN, '--help']);
  expect(stdout).toBe(helpTexts().get('latchkey'));
}, 60_000);
