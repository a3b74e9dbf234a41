import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The page's files, by name. */
export function readConsoleFiles(folder: string): [name: string, text: string][] {
  return readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]);
}

/**
 * The build puts in the place of this module what comes of it (tools/build/page-files.ts): no function reads
 * them from a disk.
 */
export const CONSOLE_FILES: ReadonlyMap<string, string> = new Map(
  readConsoleFiles(join(import.meta.dirname, '../../console')),
);
