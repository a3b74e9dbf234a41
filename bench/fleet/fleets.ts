import type { FleetSeed } from '../../local/cloud/ecs/index.ts';

export const WANTED_KEY_PAIR = 'ops-2026';
const OLD_KEY_PAIR = 'ops-2025';

/** All instances are in one zone, because a wave never spans two. */
const ZONE = 'cn-hangzhou-h';

/**
 * How long every API call of any service takes before it is carried out. Our own choice: less than ECS
 * takes for a batch, more than the store and the queue take.
 */
export const LATENCY_MS = 100;

/** Shorter than real boots, so that the benchmark ends soon. Our own choice; it favours no tool. */
export const BOOT = { stoppingMs: 1_000, startingMs: 1_500 } as const;

export const SETTINGS = {
  latencyMs: LATENCY_MS,
  ecs: BOOT,
  // Each instance sends `restart` two state changes, and the cloud would start a hundred processes.
  fc: { maxInstancesPerFunction: 12 },
} as const;

/** `healthy`: all are Running. `mixed`: of every fifty, one runs Windows and one is Stopped. */
export type FleetKind = 'healthy' | 'mixed';

export function fleetOf(kind: FleetKind, count: number): FleetSeed {
  const odd = kind === 'mixed' ? Math.floor(count / 50) : 0;
  const like = { keyPairName: OLD_KEY_PAIR, zoneId: ZONE };
  const windows = { zoneId: ZONE, count: 1, name: 'office', osType: 'windows' } as const;
  const stopped = { ...like, count: 1, name: 'batch', status: 'Stopped' } as const;
  const web = { ...like, name: 'web' };
  // The odd ones are scattered, as in any list of ids.
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
