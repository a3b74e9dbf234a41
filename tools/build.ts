import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build as esbuild, type Metafile } from 'esbuild';
import { LatchkeyError } from '../shared/domain/errors.ts';
import { laterEntry, LATER_FILE, slim } from './build/slim.ts';
import { readPolicy } from './policy/read-policy.ts';

/** One bundled function. */
export interface Built {
  readonly name: string;
  readonly path: string;
  /** Of the file that is loaded at a cold start. */
  readonly bytes: number;
  /** What that file is made of, by path from the project's folder. */
  readonly inputs: Metafile['outputs'][string]['inputs'];
}

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/**
 * Bundles every function: `functions/<name>/index.ts` to `dist/<name>/index.js`, one CommonJS file.
 * Beside it lie `later.js`, where something is put off until it is needed, and the source maps.
 * Folders of functions that are no more are removed. Whoever loads a bundle meanwhile gets the old
 * one or the new one, whole.
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
  const built = await Promise.all(names.map((name) => bundleFunction(root, name)));
  for (const name of readdirSync(join(root, 'dist'))) {
    if (!names.includes(name)) rmSync(join(root, 'dist', name), { recursive: true });
  }
  return built;
}

async function bundleFunction(root: string, name: string): Promise<Built> {
  const path = join(root, 'dist', name, 'index.js');
  const { outputs } = await bundle(root, join(root, 'functions', name, 'index.ts'), path);
  const { bytes, inputs } = outputs[relative(root, path)]!;
  return { name, path, bytes, inputs };
}

/**
 * Bundles one file as functions are bundled, with a `later.js` beside it where it needs one.
 *
 * @returns what the file is made of; not what `later.js` is
 */
export async function bundle(root: string, entry: string, outfile: string): Promise<Metafile> {
  const putOff = new Map<string, string>();
  const plugins = [slim(putOff)];
  const main = await compile(root, { entryPoints: [entry], outfile, plugins });
  const later = join(dirname(outfile), LATER_FILE);
  if (putOff.size === 0) {
    for (const path of [later, `${later}.map`]) rmSync(path, { force: true });
  } else {
    const stdin = { contents: laterEntry(putOff), resolveDir: ROOT };
    save(await compile(root, { stdin, outfile: later }));
  }
  save(main);
  return main.metafile;
}

/** Bundles one file whole, leaving nothing out. */
export async function bundleWhole(root: string, entry: string, outfile: string): Promise<void> {
  save(await compile(root, { entryPoints: [entry], outfile }));
}

function compile(
  root: string,
  options: Pick<BuildOptions, 'stdin' | 'entryPoints' | 'plugins'> & { readonly outfile: string },
) {
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

function save({ outputFiles }: Awaited<ReturnType<typeof compile>>): void {
  for (const file of outputFiles) {
    mkdirSync(dirname(file.path), { recursive: true });
    const unfinished = `${file.path}.${process.pid}`;
    writeFileSync(unfinished, file.contents);
    renameSync(unfinished, file.path);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    for (const { path, bytes } of await build()) {
      console.log(`${relative(ROOT, path)}  ${(bytes / 1024).toFixed(1)} kB`);
    }
  } catch (error) {
    if (!(error instanceof LatchkeyError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
