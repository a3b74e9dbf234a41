import { createHash } from 'node:crypto';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/**
 * Bundles the bootstrap into `folder`, so that a child starts without a TypeScript loader.
 *
 * @returns its path; the name contains a digest of the content, so several hosts can share one folder
 */
export async function buildBootstrap(folder: string): Promise<string> {
  const result = await build({
    entryPoints: [fileURLToPath(new URL('./bootstrap.ts', import.meta.url))],
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    write: false,
  });
  const { contents } = result.outputFiles[0]!;
  const digest = createHash('sha256').update(contents).digest('hex').slice(0, 16);
  const path = join(folder, `bootstrap-${digest}.cjs`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${path}.${process.pid}`, contents);
  renameSync(`${path}.${process.pid}`, path);
  return path;
}
