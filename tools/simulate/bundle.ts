import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import type { Mutant } from './mutants.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Bundles the simulation, with the sources that it tests, into one CommonJS text for workers.
 *
 * @param mutant a mistake to build in
 * @throws {RangeError} when the text that the mutant replaces does not occur exactly once
 */
export async function bundleSimulation(mutant?: Mutant): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: ['tools/simulate/worker.ts'],
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    write: false,
    logLevel: 'silent',
    plugins: mutant === undefined ? [] : [mutation(mutant)],
  });
  return outputFiles[0]!.text;
}

function mutation(mutant: Mutant): Plugin {
  return {
    name: 'mutation',
    setup({ onLoad }) {
      onLoad({ filter: /\.ts$/ }, ({ path }) => {
        if (relative(ROOT, path) !== mutant.file) return undefined;
        return {
          contents: mutate(readFileSync(join(ROOT, mutant.file), 'utf8'), mutant),
          loader: 'ts',
        };
      });
    },
  };
}

/** @throws {RangeError} when the text to replace does not occur exactly once */
export function mutate(source: string, { name, file, find, replace }: Mutant): string {
  const [before, after, ...others] = source.split(find);
  if (after === undefined || others.length > 0) {
    const times = after === undefined ? 'missing' : 'there more than once';
    throw new RangeError(`Cannot make mutant "${name}": what it replaces in ${file} is ${times}`);
  }
  return `${before}${replace}${after}`;
}
