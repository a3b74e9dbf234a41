import { readFileSync } from 'node:fs';
import type { Policy } from '../../shared/domain/model/policy.ts';
import { parsePolicy } from '../../shared/policy-file/parse-policy.ts';
import { readStrictJson } from '../../shared/contract/read-strict-json.ts';

/**
 * Reads a policy from its file. More is refused than at the cold start, which gets what the bundler
 * made of the text: also a key that stands twice in one object.
 *
 * @throws {LatchkeyError} `bad-request` for what is not JSON, `not-valid` with a line for each fault
 * @throws {Error} when there is no such file
 */
export function readPolicy(path: string): Policy {
  return parsePolicy(readStrictJson(textOf(path), `"${path}"`));
}

/** @throws {Error} when it cannot be read */
export function textOf(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new Error(`Cannot read "${path}": ${(cause as NodeJS.ErrnoException).code}`, { cause });
  }
}
