import type { EcsCloud } from './cloud.ts';
import { minuteOf } from './minute.ts';
import type { Instance, InstanceStatus, LockReason } from './model/instance.ts';

export interface InstanceState {
  readonly name: string;
  readonly status: InstanceStatus;
  readonly osType: 'linux' | 'windows';
  readonly ioOptimized: boolean;
  readonly locks: readonly LockReason[];
  readonly zoneId: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Bound: what ECS records. */
  readonly keyPairName: string | null;
  /** What would log in, were the instance Running. */
  readonly effectiveKeyPairName: string | null;
  readonly bootId: string | null;
  /** Since the instance exists in this cloud; one that was seeded Running has 1. */
  readonly boots: number;
  readonly bootedAtMs: number | null;
  /** As DescribeInstances shows it: the resolution of a minute, '' when it was never started. */
  readonly startTime: string;
}

/** Plain JSON, and more than any API action shows. */
export interface EcsState {
  readonly instances: Readonly<Record<string, InstanceState>>;
  readonly keyPairs: Readonly<Record<string, { readonly fingerprint: string }>>;
}

export function stateOf({ fleet, keyPairs }: EcsCloud): EcsState {
  return {
    instances: Object.fromEntries([...fleet.all()].map((one) => [one.id, instanceState(one)])),
    keyPairs: Object.fromEntries(
      [...keyPairs.values()].map(({ name, publicKey: { fingerprint } }) => [name, { fingerprint }]),
    ),
  };
}

function instanceState(instance: Instance): InstanceState {
  const { name, status, osType, ioOptimized, zoneId, keyPairName, effectiveKeyPairName } = instance;
  const { bootId, boots, bootedAtMs, startedMs } = instance;
  return {
    name,
    status,
    osType,
    ioOptimized,
    locks: [...instance.locks],
    zoneId,
    tags: Object.fromEntries(instance.tags),
    keyPairName,
    effectiveKeyPairName,
    bootId,
    boots,
    bootedAtMs,
    startTime: startedMs === null ? '' : minuteOf(startedMs),
  };
}
