import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeEach, test } from 'vitest';
import { build } from '../../tools/build.ts';

/** What is compiled at build time may be anything but wrong: without it a function starts later, no more. */

const run = promisify(execFile);
const root = mkdtempSync(join(tmpdir(), 'latchkey-code-'));
const folder = join(root, 'dist', 'one');
const BUNDLE = join(folder, 'bundle.cjs');
const CODE = join(folder, 'bundle.cjs.cache');
const DIGEST_BYTES = 32;

const SOURCE = `
  function answer() { return 'the answer is 41'; }
  export async function handler(kind: string) {
    if (kind === 'fail') throw new Error('on purpose');
    return answer();
  }`;

mkdirSync(join(root, 'functions', 'one'), { recursive: true });
writeFileSync(join(root, 'functions', 'one', 'index.ts'), SOURCE);

afterAll(() => rmSync(root, { recursive: true }));

beforeEach(async () => {
  await build(root);
});

/** Says of each script with code whether V8 took the code, then what the function answers or throws. */
const PROBE = `
  const vm = require('node:vm');
  const { Script } = vm;
  const taken = [];
  vm.Script = class extends Script {
    constructor(source, options) {
      super(source, options);
      if (options.cachedData) taken.push(!this.cachedDataRejected);
    }
  };
  const { handler } = require(process.argv[1]);
  handler(process.argv[2]).then(
    (answer) => console.log(JSON.stringify({ taken, answer })),
    ({ stack }) => console.log(JSON.stringify({ taken, stack })),
  );`;

interface Told {
  readonly taken: readonly boolean[];
  readonly answer?: string;
  readonly stack?: string;
}

async function start(kind = 'work', flags: readonly string[] = []): Promise<Told> {
  const { stdout } = await run(process.execPath, [
    ...flags,
    '-e',
    PROBE,
    join(folder, 'index.js'),
    kind,
  ]);
  return JSON.parse(stdout) as Told;
}

function changed(change: (code: Buffer) => Buffer): void {
  writeFileSync(CODE, change(readFileSync(CODE)));
}

test('the code is taken', async ({ expect }) => {
  expect(await start()).toEqual({ taken: [true], answer: 'the answer is 41' });
});

test('without its file the function works', async ({ expect }) => {
  rmSync(CODE);
  expect(await start()).toEqual({ taken: [], answer: 'the answer is 41' });
});

const DAMAGES: readonly (readonly [string, (code: Buffer) => Buffer])[] = [
  ['cut off', (code) => code.subarray(0, code.length - 100)],
  ['cut off within its digest', (code) => code.subarray(0, 10)],
  ['empty', () => Buffer.alloc(0)],
  // Of such a file V8 notices nothing, and ends the process.
  ['garbage after its head', (code) => Buffer.from(code).fill(0x41, DIGEST_BYTES + 64)],
  ['one bit off', (code) => withFlipped(code, code.length >> 1)],
];

test.for(DAMAGES)('with a file that is %s it works', async ([, damage], { expect }) => {
  changed(damage);
  expect(await start()).toEqual({ taken: [], answer: 'the answer is 41' });
});

function withFlipped(code: Buffer, at: number): Buffer {
  const copy = Buffer.from(code);
  copy[at]! ^= 1;
  return copy;
}

test('code of another source is not run, though its length be the same', async ({ expect }) => {
  writeFileSync(BUNDLE, readFileSync(BUNDLE, 'latin1').replace('is 41', 'is 42'));
  expect(await start()).toEqual({ taken: [], answer: 'the answer is 42' });
});

test('code by another Node is not run', async ({ expect }) => {
  const source = readFileSync(BUNDLE);
  changed((file) => {
    const code = file.subarray(DIGEST_BYTES);
    const by = (version: string) =>
      createHash('sha256')
        .update(`${version} ${process.arch} ${source.length} `)
        .update(source)
        .update(code)
        .digest();
    // This is how the digest is made, so that it is the version that decides.
    expect(by(process.version)).toEqual(file.subarray(0, DIGEST_BYTES));
    return Buffer.concat([by('v20.0.0'), code]);
  });
  expect(await start()).toEqual({ taken: [], answer: 'the answer is 41' });
});

test('with other flags V8 rejects it, and compiles', async ({ expect }) => {
  const told = await start('work', ['--max-old-space-size=300']);
  expect(told).toEqual({ taken: [false], answer: 'the answer is 41' });
});

test('a stack trace names the bundle, and with source maps the source', async ({ expect }) => {
  const plain = await start('fail');
  expect(plain.taken).toEqual([true]);
  expect(plain.stack).toMatch(/^Error: on purpose\n.*one\/bundle\.cjs:\d+:\d+/);
  const mapped = await start('fail', ['--enable-source-maps']);
  expect(mapped.stack).toMatch(/^Error: on purpose\n.*functions\/one\/index\.ts:4:\d+/);
});

test('code that is of use still is kept, and other is made again', async ({ expect }) => {
  const made = () => statSync(CODE, { bigint: true }).ino;
  const before = made();
  await build(root);
  expect(made()).toBe(before);
  changed((code) => withFlipped(code, 100));
  await build(root);
  expect(await start()).toMatchObject({ taken: [true] });
});

test('builds at the same time leave one whole', async ({ expect }) => {
  rmSync(join(root, 'dist'), { recursive: true });
  await Promise.all([build(root), build(root), build(root)]);
  expect(await start()).toEqual({ taken: [true], answer: 'the answer is 41' });
});
