import type { Rollouts } from '../../shared/domain/model/ports.ts';
import type { Rollout } from '../../shared/domain/model/rollout.ts';

/**
 * The same rollouts, with a call of `onWrite` after each successful write.
 *
 * @param onWrite gets the rollout after the write and before it; before is undefined for a new rollout
 */
export function watchedRollouts(
  rollouts: Rollouts,
  onWrite: (after: Rollout, before?: Rollout) => void,
): Rollouts {
  return {
    async create(rollout) {
      const result = await rollouts.create(rollout);
      if (result === 'created') onWrite(rollout);
      return result;
    },
    async save(before, after) {
      const result = await rollouts.save(before, after);
      if (result === 'saved') onWrite(after, before);
      return result;
    },
    load: (rolloutId) => rollouts.load(rolloutId),
    open: () => rollouts.open(),
    close: (entry) => rollouts.close(entry),
    reopen: (entry) => rollouts.reopen(entry),
    countOpen: (asker, atMost) => rollouts.countOpen(asker, atMost),
    newest: (limit, after) => rollouts.newest(limit, after),
  };
}
