#!/usr/bin/env node
// Runs cli/latchkey.ts from a bundle that is made anew whenever a source of it changed: that starts in a
// third of the time that loading the TypeScript takes, and nobody has to build it.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const PROJECT = fileURLToPath(new URL('..', import.meta.url));
/** Everything that may be in the bundle. */
const SOURCES = ['cli', 'shared', 'tools', 'package.json', 'policy.json'];
const BUNDLES = join(PROJECT, '.local', 'cli');

/** Another one as soon as a file is another, or there are others. */
function stampOfSources() {
  const hash = createHash('sha256').update(process.version);
  const visit = (path) => {
    const about = statSync(path, { throwIfNoEntry: false });
    if (about === undefined) return;
    if (!about.isDirectory()) hash.update(`${path}\0${about.size}\0${about.mtimeMs}\n`);
    else for (const name of readdirSync(path).toSorted()) visit(join(path, name));
  };
  for (const name of SOURCES) visit(join(PROJECT, name));
  return hash.digest('hex').slice(0, 16);
}

/** Written beside and moved into place whole, so that two that start at once do no harm. */
async function bundle(folder) {
  const { build } = await import('esbuild');
  mkdirSync(BUNDLES, { recursive: true });
  const made = join(BUNDLES, `.new-${process.pid}`);
  await build({
    absWorkingDir: PROJECT,
    entryPoints: { main: 'cli/main.ts' },
    outdir: made,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    outExtension: { '.js': '.mjs' },
    logLevel: 'error',
  });
  const old = readdirSync(BUNDLES).filter((name) => !name.startsWith('.'));
  try {
    renameSync(made, folder);
  } catch (error) {
    rmSync(made, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  for (const name of old) rmSync(join(BUNDLES, name), { recursive: true, force: true });
}

const folder = join(BUNDLES, stampOfSources());
if (!existsSync(folder)) await bundle(folder);
const { main } = await import(pathToFileURL(join(folder, 'main.mjs')).href);
await main(process.argv.slice(2), PROJECT);
