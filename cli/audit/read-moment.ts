import { UNIT_SECONDS } from '../../shared/lib/duration.ts';
import { usageError } from '../exit.ts';

/**
 * Reads a time (`2026-11-24`, `2026-11-24T08:00:00+08:00`) or an age (`90s`, `30m`, `2h`, `7d`).
 *
 * @returns milliseconds since the epoch
 * @throws {CliError} `usage`
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
