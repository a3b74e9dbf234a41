import { setTimeout as pause } from 'node:timers/promises';
import { seconds } from './progress.ts';

const LOOK_EVERY_MS = 500;

/** Looks until something is so. @throws {Error} when `limitMs` have passed since `startedMs` */
export async function waitFor(
  what: string,
  { startedMs, limitMs }: { readonly startedMs: number; readonly limitMs: number },
  isSo: () => boolean | Promise<boolean>,
): Promise<void> {
  while (!(await isSo())) {
    const spentMs = Date.now() - startedMs;
    if (spentMs > limitMs) throw new Error(`Cannot wait for ${what}: ${seconds(spentMs)} are over`);
    await pause(LOOK_EVERY_MS);
  }
}

/** Ctrl-C ends every process, and the result is still told. */
export function interrupted(): Promise<never> {
  return new Promise((_resolve, reject) => {
    const stop = () => reject(new Error('Cannot go on: interrupted'));
    process.once('SIGINT', stop).once('SIGTERM', stop);
  });
}
