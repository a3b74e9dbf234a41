import type { EcsState } from '../../local/cloud/ecs/index.ts';
import type { CloudEvent, Kernel } from '../../local/cloud/kernel/kernel.ts';
import { sumOf } from '../sum-of.ts';
import { WANTED_KEY_PAIR } from './fleets.ts';

/** What really happened, as the cloud knows it, whatever a tool says. */
export interface Truth {
  /** Calls to ECS, by action. */
  readonly calls: Readonly<Record<string, number>>;
  readonly totalCalls: number;
  /** The most that were not Running at one time and had been at the beginning. */
  readonly mostDown: number;
  /** Restarted by power-off: `ForceStop`. */
  readonly forced: number;
  /** Restarted, and the new key pair does not log in all the same. */
  readonly restartedInVain: number;
  /** Running, could have the new key pair, and do not let it log in. */
  readonly leftOut: number;
}

export interface Witness {
  /** Tools that send it say so. */
  noteForced(): void;
  /** @param calls to ECS that were made before, and do not count */
  truth(after: EcsState, before?: Readonly<Record<string, number>>): Truth;
}

/** Watches the state changes from now on. */
export function witness(kernel: Kernel, seeded: EcsState): Witness {
  const down = new Set<string>();
  let mostDown = 0;
  let forced = 0;
  kernel.onPublish(({ type, data }: CloudEvent) => {
    if (type !== 'ecs:Instance:StateChange') return;
    const { resourceId, state } = data as { resourceId: string; state: string };
    if (seeded.instances[resourceId]?.status !== 'Running') return;
    if (state === 'Running') down.delete(resourceId);
    else down.add(resourceId);
    mostDown = Math.max(mostDown, down.size);
  });
  return {
    noteForced: () => {
      forced += 1;
    },
    truth(after, before = {}) {
      const all = Object.entries(kernel.calls.toJSON()['ecs'] ?? {});
      const counted = all.map(
        ([action, count]) => [action, count - (before[action] ?? 0)] as const,
      );
      const calls = Object.fromEntries(counted.filter(([, count]) => count > 0));
      const instances = Object.entries(seeded.instances).map(([id, was]) => ({
        was,
        is: after.instances[id]!,
      }));
      const logsIn = (one: (typeof instances)[number]) =>
        one.is.effectiveKeyPairName === WANTED_KEY_PAIR;
      return {
        calls,
        totalCalls: sumOf(calls),
        mostDown,
        forced,
        restartedInVain: instances.filter((one) => one.is.boots > one.was.boots && !logsIn(one))
          .length,
        leftOut: instances.filter(
          (one) => one.was.osType === 'linux' && one.was.status === 'Running' && !logsIn(one),
        ).length,
      };
    },
  };
}
