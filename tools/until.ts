import { setTimeout as pause } from 'node:timers/promises';

const LIMIT_MS = 150_000;
const EVERY_MS = 250;

/** Waits for something that real processes do; how long they take is not what is tested. */
export async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  const endMs = Date.now() + LIMIT_MS;
  while (!(await isSo())) {
    if (Date.now() > endMs) throw new Error(`Cannot see ${what}: ${LIMIT_MS / 1_000} s are over`);
    await pause(EVERY_MS);
  }
}
