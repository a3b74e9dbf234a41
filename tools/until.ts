import { setTimeout as pause } from 'node:timers/promises';

const LIMIT_MS = 150_000;
const EVERY_MS = 250;

/**
 * Waits for something that real processes do, and checks it every `everyMs`.
 *
 * @param limitMs from `startedMs` on, which is now unless it is given
 * @throws {Error} when the limit is over
 */
export async function until(
  what: string,
  isSo: () => boolean | Promise<boolean>,
  { startedMs = Date.now(), limitMs = LIMIT_MS, everyMs = EVERY_MS }: UntilOptions = {},
): Promise<void> {
  while (!(await isSo())) {
    if (Date.now() - startedMs > limitMs) {
      throw new Error(`Cannot wait longer for ${what}: ${limitMs / 1_000} s are over`);
    }
    await pause(everyMs);
  }
}

interface UntilOptions {
  readonly startedMs?: number;
  readonly limitMs?: number;
  readonly everyMs?: number;
}
