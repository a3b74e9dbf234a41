import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'vitest';

const ROOT = join(import.meta.dirname, '../../..');
const SCHEMA = /(?:answer-parts|-schema)\.ts$/;

test('no function loads the schemas of answers: their types cost nothing at a cold start', ({
  expect,
}) => {
  const files = ['functions', 'shared'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !SCHEMA.test(name))
      .map((name) => join(ROOT, folder, name)),
  );
  const loads = /^import (?!type )[^;]*(?:answer-parts|-schema)\.ts';/m;
  expect(files.filter((file) => loads.test(readFileSync(file, 'utf8')))).toEqual([]);
});
