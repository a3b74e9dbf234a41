import { readFileSync } from 'node:fs';
import { KeyPairNameText, REGION_ID } from '../shared/contract/names.ts';
import { parseValue } from '../shared/contract/parse.ts';
import { LatchkeyError } from '../shared/domain/model/errors.ts';
import { ROLLOUT_ID } from '../shared/domain/model/ids.ts';
import { UNIT_SECONDS } from '../shared/lib/duration.ts';
import { usageError } from './exit.ts';

/**
 * Readers of arguments, flags and settings. Each throws `CliError` `usage` for a text of another form.
 */
function matching(pattern: RegExp, what: string, must: string, ...hint: readonly string[]) {
  return (text: string): string => {
    if (pattern.test(text)) return text;
    throw usageError(`Cannot use ${what}"${text}": must be ${must}`, ...hint);
  };
}

export const readRolloutId = matching(
  ROLLOUT_ID,
  '',
  'a rollout id: "ro-" and 26 characters of base32',
  'npx latchkey list shows the ids',
);
export const readRegion = matching(REGION_ID, 'region ', 'a region, such as "cn-hangzhou"');
export const readAccountId = matching(/^[0-9]{10,20}$/, 'ACCOUNT_ID ', '10 to 20 digits');
export const readDigest = matching(
  /^sha256:[0-9a-f]{64}$/,
  'digest ',
  '"sha256:" and 64 hexadecimal digits',
);
export const readRequestId = matching(
  /^[A-Za-z0-9_-]{1,128}$/,
  '--id ',
  '1 to 128 letters, digits, "-" and "_"',
);
/** The form of SMQ's ids. The maximum length is our own choice. */
export const readMessageId = matching(
  /^[A-Za-z0-9-]{1,128}$/,
  '--message ',
  'an id of SMQ, as redrive shows it',
);

/** Rejects `*`, which ECS takes as a wildcard. */
export function readKeyPair(text: string): string {
  try {
    return parseValue(KeyPairNameText, text, `key pair "${text}"`);
  } catch (error) {
    if (!(error instanceof LatchkeyError)) throw error;
    throw usageError(`Cannot use key pair "${text}": ${error.details.faults?.[0]?.detail}`);
  }
}

/** @param must such as `a port` */
export function readNumber(flag: string, text: string, max: number, must: string): number {
  const value = Number(text);
  if (/^[0-9]{1,8}$/.test(text) && value >= 1 && value <= max) return value;
  throw usageError(`Cannot use ${flag} "${text}": must be ${must} from 1 to ${max}`);
}

/**
 * Reads a time (`2026-11-24`, `2026-11-24T08:00:00+08:00`) or an age (`90s`, `30m`, `2h`, `7d`).
 *
 * @returns milliseconds since the epoch
 */
export function readMoment(flag: string, text: string, nowMs: number): number {
  const age = /^(\d{1,6})([smhd])$/.exec(text);
  if (age !== null) {
    return nowMs - Number(age[1]) * UNIT_SECONDS[age[2] as keyof typeof UNIT_SECONDS] * 1_000;
  }
  const isTime = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2}))?$/.test(text);
  const atMs = isTime ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(atMs)) return atMs;
  throw usageError(
    `Cannot use ${flag} "${text}": must be a time, such as 2026-11-24 or 2026-11-24T08:00:00+08:00, or an age, such as 2h or 7d`,
  );
}

/**
 * Reads a whole file that the command line names.
 *
 * @param what what it holds, for the error: `the policy`
 */
export function readFile(what: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw usageError(`Cannot read ${what} from "${path}": ${code ?? 'not readable'}`);
  }
}
