import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'vitest';
import { loadCode } from '../../local/cloud/fc/instances/load-code.ts';
import { build } from '../../tools/build.ts';

test('a bundle is CommonJS with its map, its code and what loads it, and class fields wipe nothing', async ({
  expect,
  onTestFinished,
}) => {
  const root = mkdtempSync(join(tmpdir(), 'build-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  mkdirSync(join(root, 'functions', 'one'), { recursive: true });
  mkdirSync(join(root, 'functions', 'no-function'));
  mkdirSync(join(root, 'dist', 'gone'), { recursive: true });
  writeFileSync(
    join(root, 'functions', 'one', 'index.ts'),
    `// The way of @darabonba/typescript: the base sets what the subclass declares.
     class Model { constructor(map: object) { Object.assign(this, map); } }
     class Request extends Model { name?: string; }
     export const handler = async () => new Request({ name: 'kept' });`,
  );

  const built = await build(root);

  const path = join(root, 'dist', 'one', 'index.js');
  const bytes = readFileSync(join(root, 'dist', 'one', 'bundle.cjs')).length;
  expect(built).toMatchObject([{ name: 'one', path, files: [{ bytes }] }]);
  expect(readdirSync(join(root, 'dist'))).toEqual(['one']);
  expect(readdirSync(join(root, 'dist', 'one')).toSorted()).toEqual([
    'bundle.cjs',
    'bundle.cjs.cache',
    'bundle.cjs.map',
    'index.js',
  ]);
  const { handler } = (await loadCode(path)) as { handler: () => Promise<object> };
  expect(await handler()).toEqual({ name: 'kept' });
});
