import { readFileSync } from 'node:fs';
import { usageError } from './exit.ts';

/**
 * Reads a whole file that the command line names.
 *
 * @param what what it holds, for the error: `the policy`
 * @throws {CliError} `usage` when it cannot be read
 */
export function readFile(what: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw usageError(`Cannot read ${what} from "${path}": ${code ?? 'not readable'}`);
  }
}
