import type { EcsState } from '../../local/cloud/ecs/index.ts';
import type { CloudEvent, Kernel } from '../../local/cloud/kernel/kernel.ts';
import { sumOf } from '../sum-of.ts';
import { WANTED_KEY_PAIR } from './fleets.ts';

/** What really happened in the cloud, whatever the tool reports. */
export interface Truth {
  /** Calls to ECS, by action. */
  readonly calls: Readonly<Record<string, number>>;
  readonly totalCalls: number;
  /** The most instances that were down at one time. Those that were down before do not count. */
  readonly mostDown: number;
  /** Instances that were restarted by power-off: `ForceStop`. */
  readonly forced: number;
  /** Instances that were restarted, although the new key pair does not log in. */
  readonly restartedInVain: number;
  /** Running Linux instances that the new key pair does not log in to. */
  readonly leftOut: number;
}

export interface Witness {
  /** Called for every restart with `ForceStop`. */
  noteForced(): void;
  /** @param before calls to ECS that do not count, by action */
  truth(after: EcsState, before?: Readonly<Record<string, number>>): Truth;
}

/** Watches state changes from now on. */
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
