import { isAscii } from 'node:buffer';
import { randomInt } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';
import { type BuildOptions, build as esbuild, type Metafile } from 'esbuild';
import { LatchkeyError } from '../shared/domain/model/errors.ts';
import { CODE_ENDING, codeFile, codeIn } from './build/code-cache.ts';
import { pageFiles } from './build/page-files.ts';
import { entryOf, LATER_FILE, SDK_FILE, slim } from './build/slim.ts';
import { type Cold, type Part, warmUp } from './build/warm-up/index.ts';
import { WRAPPED } from './build/wrapped.ts';
import { readPolicy } from './policy/read-policy.ts';

/** One bundled function. */
export interface Built {
  readonly name: string;
  /** Of what Function Compute loads. */
  readonly path: string;
  readonly files: readonly BuiltFile[];
}

/** A file that is run from code compiled ahead. */
export interface BuiltFile {
  readonly path: string;
  readonly bytes: number;
  /** Of the code. */
  readonly codeBytes: number;
  /** What it is made of, by path from the project's folder. */
  readonly inputs: Inputs;
}

type Inputs = Metafile['outputs'][string]['inputs'];

const ROOT = fileURLToPath(new URL('..', import.meta.url));

const LOADER = fileURLToPath(new URL('build/loader.ts', import.meta.url));
const BUNDLE_FILE = 'bundle.cjs';
const FILES = [BUNDLE_FILE, SDK_FILE, LATER_FILE].flatMap((name) =>
  ['', '.map', CODE_ENDING].map((ending) => `${name}${ending}`),
);
/** As `saveFile` names it: two builds at once take different ones. */
const UNFINISHED = /\.\d+$/;
/** The most that `randomInt` takes: https://nodejs.org/docs/latest-v20.x/api/crypto.html#cryptorandomintmin-max-callback */
const MAX_NAMES = 2 ** 48 - 1;

/**
 * Bundles every function: `functions/<name>/index.ts` to a folder `dist/<name>`, which is deployed as it is:
 *
 * - `index.js` is what the platform loads; it runs
 * - `bundle.cjs`, CommonJS, which reads
 * - `sdk.cjs`, Alibaba's, when the first call to ECS is due, and
 * - `later.cjs` for what is hardly ever needed. Of the first two
 * - `….cjs.cache` is the code, compiled by the Node that builds: another Node compiles for itself, and
 *   takes longer
 *
 * and their source maps. Folders of functions that are no more are removed. Whoever loads a bundle meanwhile gets the old
 * one or the new one, whole, at worst without its code.
 *
 * @param root the project's folder
 * @throws {LatchkeyError} for a policy that every function would refuse to start with, before anything
 * is built: one line for each fault
 */
export async function build(root: string = ROOT): Promise<Built[]> {
  const policyPath = join(root, 'policy.json');
  if (existsSync(policyPath)) readPolicy(policyPath);
  const folder = join(root, 'functions');
  const names = readdirSync(folder).filter((name) => existsSync(join(folder, name, 'index.ts')));
  const bundled = await Promise.all(
    names.map(async (name) => {
      const path = join(root, 'dist', name, 'index.js');
      return { name, path, parts: await bundle(root, join(folder, name, 'index.ts'), path) };
    }),
  );
  removeOthers(join(root, 'dist'), names);
  for (const { path } of bundled) removeOthers(dirname(path), ['index.js', ...FILES]);
  await compileAhead(root, bundled);
  return bundled.map(({ name, path, parts }) => {
    const files = parts.map(({ source, ...file }) => {
      return { ...file, bytes: source.length, codeBytes: statSync(codePath(file)).size };
    });
    return { name, path, files };
  });
}

/** But for what another build is writing right now. */
function removeOthers(folder: string, kept: readonly string[]): void {
  for (const name of readdirSync(folder)) {
    if (kept.includes(name) || UNFINISHED.test(name)) continue;
    rmSync(join(folder, name), { recursive: true, force: true });
  }
}

export interface BundledPart extends Part {
  readonly inputs: Inputs;
}

function codePath({ path }: Pick<Part, 'path'>): string {
  return `${path}${CODE_ENDING}`;
}

/** Keeps code that is of use still: where all is, nothing has to be run. */
async function compileAhead(root: string, bundled: readonly Cold[]): Promise<void> {
  const stale = bundled.filter(({ parts }) => !parts.every(hasCode));
  if (stale.length === 0) return;
  const codes = await warmUp(root, stale, (line) => process.stderr.write(`${line}\n`));
  for (const [index, { parts }] of stale.entries()) {
    for (const [at, part] of parts.entries()) {
      saveFile(codePath(part), codeFile(part.source, codes[index]![at]!));
    }
  }
}

function hasCode(part: Part): boolean {
  if (!existsSync(codePath(part))) return false;
  const cachedData = codeIn(readFileSync(codePath(part)), part.source);
  if (cachedData === undefined) return false;
  // Of the same Node, but its flags may be others.
  const script = new Script(Buffer.from(part.source).toString('latin1'), { cachedData });
  return script.cachedDataRejected === false;
}

/** In place of what every bundle is compiled with. */
export type BundleOptions = Pick<BuildOptions, 'tsconfigRaw' | 'alias'>;

/**
 * Bundles one file as functions are bundled, without code.
 *
 * @param outfile is what to load; the rest lies beside it
 * @returns the bundle, and the SDK where it needs that
 */
export async function bundle(
  root: string,
  entry: string,
  outfile: string,
  options: BundleOptions = {},
): Promise<BundledPart[]> {
  const beside = (name: string) => join(dirname(outfile), name);
  const putOff = new Map<string, string>();
  const sdk = new Map<string, string>();
  const part = (name: string, from: Pick<BuildOptions, 'stdin' | 'entryPoints' | 'plugins'>) =>
    compile(root, { ...from, outfile: beside(name), ...WRAPPED, ...options });

  const parts = [await part(BUNDLE_FILE, { entryPoints: [entry], plugins: [slim(putOff, sdk)] })];
  if (sdk.size > 0) {
    const stdin = { contents: entryOf(sdk), resolveDir: ROOT };
    parts.push(await part(SDK_FILE, { stdin, plugins: [slim(putOff)] }));
  }
  if (putOff.size > 0) {
    const stdin = { contents: entryOf(putOff), resolveDir: ROOT };
    save(await compile(root, { stdin, outfile: beside(LATER_FILE), plugins: [pageFiles] }));
  }
  for (const one of parts) save(one);
  save(await compile(root, { entryPoints: [LOADER], outfile, sourcemap: false }));
  return parts.map((one) => partOf(root, one));
}

function partOf(root: string, { outputFiles, metafile }: Compiled): BundledPart {
  const { path, contents: source } = outputFiles.find((file) => file.path.endsWith('.cjs'))!;
  // The loader reads it as Latin-1.
  if (!isAscii(source)) throw new RangeError(`Cannot bundle "${path}": not ASCII`);
  return { path, source, inputs: metafile.outputs[relative(root, path)]!.inputs };
}

/** Bundles one file whole, leaving nothing out. */
export async function bundleWhole(root: string, entry: string, outfile: string): Promise<void> {
  save(await compile(root, { entryPoints: [entry], outfile }));
}

interface CompileOptions extends Pick<
  BuildOptions,
  'stdin' | 'entryPoints' | 'plugins' | 'banner' | 'footer' | 'sourcemap' | 'tsconfigRaw' | 'alias'
> {
  readonly outfile: string;
}

function compile(root: string, options: CompileOptions) {
  return esbuild({
    absWorkingDir: root,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    // The newest built-in runtime of Function Compute is nodejs20.
    target: 'node20',
    minify: true,
    sourcemap: 'linked',
    legalComments: 'none',
    write: false,
    metafile: true,
    // Real class fields wipe what the constructors of @darabonba/typescript models have set:
    // requests then go out empty, without an error.
    tsconfigRaw: { compilerOptions: { useDefineForClassFields: false } },
    ...options,
  });
}

type Compiled = Awaited<ReturnType<typeof compile>>;

function save({ outputFiles }: Compiled): void {
  for (const { path, contents } of outputFiles) saveFile(path, contents);
}

function saveFile(path: string, contents: Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  const unfinished = `${path}.${randomInt(MAX_NAMES)}`;
  writeFileSync(unfinished, contents);
  renameSync(unfinished, path);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    for (const { path, bytes, codeBytes } of (await build()).flatMap(({ files }) => files)) {
      const [read, code] = [bytes, codeBytes].map((size) => (size / 1024).toFixed(1));
      console.log(`${relative(ROOT, path)}  ${read} kB, and ${code} kB of code`);
    }
  } catch (error) {
    if (!(error instanceof LatchkeyError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
