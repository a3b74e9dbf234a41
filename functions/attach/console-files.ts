import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The console's files, by name. */
export function readConsoleFiles(folder: string): [name: string, text: string][] {
  return readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]);
}

/** The build replaces this module by the texts (tools/build/page-files.ts): no function reads them from disk. */
export const CONSOLE_FILES: ReadonlyMap<string, string> = new Map(
  readConsoleFiles(join(import.meta.dirname, '../../console')),
);
