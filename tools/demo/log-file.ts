import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT_FOLDER } from '../../local/start-local-cloud.ts';

/** Writes the functions' log lines to a file in `.local`, and with `toTerminal` to standard error as well. */
export function logFile(name: string, toTerminal: boolean) {
  const folder = join(PROJECT_FOLDER, '.local');
  mkdirSync(folder, { recursive: true });
  const path = join('.local', name);
  const file = createWriteStream(join(PROJECT_FOLDER, path));
  const log = (functionName: string, line: string) => {
    file.write(`${functionName} ${line}\n`);
    if (toTerminal) console.error(`${functionName} ${line}`);
  };
  return { path, log, end: () => new Promise<void>((resolve) => file.end(resolve)) };
}
