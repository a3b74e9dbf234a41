import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');

/** The project's own copy of published vectors, and a newer one where there is one beside the repository. */
export function vectorsOf<T>(file: string): readonly T[] {
  return [resolve(ROOT, 'test/fixtures', file), resolve(ROOT, '../shared/vectors', file)]
    .filter((path) => existsSync(path))
    .map((path) => JSON.parse(readFileSync(path, 'utf8')) as T);
}
