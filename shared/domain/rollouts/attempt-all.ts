import { LatchkeyError } from '../model/errors.ts';
import type { Log } from '../model/ports.ts';
import { mapPool } from '../../lib/pool.ts';

/** Tasks in flight at once: our own choice. Each has several calls in flight itself. */
const IN_FLIGHT = 4;

/**
 * Runs every task, also when others fail. A bug in one rollout, or a row that cannot be read, must not stop
 * the others.
 *
 * @returns what the failed tasks threw, logged
 */
export async function attemptAll(
  tasks: readonly (() => Promise<void>)[],
  log: Log,
): Promise<unknown[]> {
  const errors: unknown[] = [];
  await mapPool(tasks, IN_FLIGHT, async (task) => {
    try {
      await task();
    } catch (error) {
      log('error', error instanceof LatchkeyError ? 'not-moved-on' : 'bug', { error });
      errors.push(error);
    }
  });
  return errors;
}
