import type { Rollouts } from '../../shared/domain/model/ports.ts';

/** The same rollouts, method by method, for whoever replaces some: whether they are an object's own or its class's. */
export function passedOn(rollouts: Rollouts): Rollouts {
  return {
    create: (rollout) => rollouts.create(rollout),
    load: (rolloutId) => rollouts.load(rolloutId),
    save: (before, after) => rollouts.save(before, after),
    open: () => rollouts.open(),
    close: (entry) => rollouts.close(entry),
    reopen: (entry) => rollouts.reopen(entry),
    countOpen: (asker, atMost) => rollouts.countOpen(asker, atMost),
    newest: (limit, after) => rollouts.newest(limit, after),
  };
}
