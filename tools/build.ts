import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build as esbuild } from 'esbuild';
import { LatchkeyError } from '../shared/domain/errors.ts';
import { readPolicy } from './policy/read-policy.ts';

/** One bundled function. */
export interface Built {
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
}

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/**
 * Bundles every function: `functions/<name>/index.ts` to `dist/<name>/index.js`, one CommonJS file
 * with its source map beside it. Folders of functions that are no more are removed. Whoever loads a
 * bundle meanwhile gets the old one or the new one, whole.
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
  const built = await Promise.all(names.map((name) => bundle(root, name)));
  for (const name of readdirSync(join(root, 'dist'))) {
    if (!names.includes(name)) rmSync(join(root, 'dist', name), { recursive: true });
  }
  return built;
}

async function bundle(root: string, name: string): Promise<Built> {
  const path = join(root, 'dist', name, 'index.js');
  const { outputFiles } = await esbuild({
    absWorkingDir: root,
    entryPoints: [join(root, 'functions', name, 'index.ts')],
    outfile: path,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    // The newest built-in runtime of Function Compute is nodejs20.
    target: 'node20',
    minify: true,
    sourcemap: 'linked',
    legalComments: 'none',
    write: false,
    // Real class fields wipe what the constructors of @darabonba/typescript models have set:
    // requests then go out empty, without an error.
    tsconfigRaw: { compilerOptions: { useDefineForClassFields: false } },
  });
  mkdirSync(dirname(path), { recursive: true });
  for (const file of outputFiles) {
    const unfinished = `${file.path}.${process.pid}`;
    writeFileSync(unfinished, file.contents);
    renameSync(unfinished, file.path);
  }
  const bytes = outputFiles.find((file) => file.path === path)!.contents.length;
  return { name, path, bytes };
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
