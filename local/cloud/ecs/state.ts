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
  /** The key pair that logs in while the instance is Running. */
  readonly effectiveKeyPairName: string | null;
  readonly bootId: string | null;
  /** Since the instance was created or seeded. An instance that was seeded Running has 1. */
  readonly boots: number;
  readonly bootedAtMs: number | null;
  /** As in DescribeInstances: to the minute; '' when it was never started. */
  readonly startTime: string;
}

/** The state as plain JSON. It shows more than any API action does. */
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
