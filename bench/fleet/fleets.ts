import type { FleetSeed } from '../../local/cloud/ecs/index.ts';

export const WANTED_KEY_PAIR = 'ops-2026';
const OLD_KEY_PAIR = 'ops-2025';

/** A wave is one zone's. */
const ZONE = 'cn-hangzhou-h';

/**
 * Of every API call to any service, before it is carried out. Our own choice: less than the control plane
 * takes for a batch, more than the store and the queue take.
 */
export const LATENCY_MS = 100;

/** Shorter than any real one, so that a benchmark ends: our own choice. Slower boots favour nobody. */
export const BOOT = { stoppingMs: 1_000, startingMs: 1_500 } as const;

export const SETTINGS = {
  latencyMs: LATENCY_MS,
  ecs: BOOT,
  // Two state changes of each instance come to `restart`, and the cloud would run a hundred of it.
  fc: { maxInstancesPerFunction: 12 },
} as const;

/** `healthy`: all Running. `mixed`: of every fifty, one is Windows and one is Stopped. */
export type FleetKind = 'healthy' | 'mixed';

export function fleetOf(kind: FleetKind, count: number): FleetSeed {
  const odd = kind === 'mixed' ? Math.floor(count / 50) : 0;
  const like = { keyPairName: OLD_KEY_PAIR, zoneId: ZONE };
  const windows = { zoneId: ZONE, count: 1, name: 'office', osType: 'windows' } as const;
  const stopped = { ...like, count: 1, name: 'batch', status: 'Stopped' } as const;
  const web = { ...like, name: 'web' };
  // Scattered, as they are in any list of ids.
  const groups = Array.from({ length: odd }, () => [
    { ...web, count: 24 },
    windows,
    { ...web, count: 12 },
    stopped,
    { ...web, count: 12 },
  ]);
  const rest = count - odd * 50;
  return {
    keyPairs: [{ name: OLD_KEY_PAIR }, { name: WANTED_KEY_PAIR }],
    instances: [...groups.flat(), ...(rest > 0 ? [{ ...web, count: rest }] : [])],
  };
}
