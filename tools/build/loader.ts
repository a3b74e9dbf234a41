import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { CODE_ENDING, codeIn } from './code-cache.ts';
import type { MakeModule } from './wrapped.ts';

/**
 * What Function Compute loads as `index.js`: it runs `bundle.cjs` beside it, and `sdk.cjs` when the bundle
 * asks for that, each with the code that was compiled of it at build time if there is such for this Node.
 * Else Node compiles it: that costs time, and nothing else.
 */

function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

function compiled(path: string): MakeModule | undefined {
  // Node maps the stack traces of what it has loaded itself, and of nothing else.
  if (process.sourceMapsEnabled) return undefined;
  const code = readIfThere(`${path}${CODE_ENDING}`);
  if (code === undefined) return undefined;
  const source = readFileSync(path);
  const cachedData = codeIn(code, source);
  if (cachedData === undefined) return undefined;
  // The file is ASCII: as Latin-1 it is read without being looked at. With other flags than the build's
  // V8 rejects the code, and compiles.
  const script = new Script(source.toString('latin1'), { filename: path, cachedData });
  return script.runInThisContext() as MakeModule;
}

function run(file: string, into: { exports: unknown }): void {
  const path = join(__dirname, file);
  const make = compiled(path) ?? (require(path) as MakeModule);
  make(into.exports, requireBeside, into, path, __dirname);
}

let sdk: { exports: unknown } | undefined;

function requireBeside(id: string): unknown {
  if (id !== './sdk.cjs') return require(id);
  if (sdk === undefined) {
    sdk = { exports: {} };
    run('sdk.cjs', sdk);
  }
  return sdk.exports;
}

run('bundle.cjs', module);
