import type { InstanceId, InstanceMemory, Snapshot } from '../../shared/domain/model/instance.ts';
import { effectiveOf } from '../../shared/domain/plan/plan.ts';
import { chunks, mapPool } from '../../shared/lib/pool.ts';
import { MAX_DESCRIBE_IDS } from '../../shared/domain/model/ports.ts';
import type { Effective } from '../../shared/domain/model/rollout.ts';
import { NO_CONDITIONS } from '../../shared/domain/model/selector.ts';
import type { CloudPorts } from '../cloud/cloud-ports.ts';

/** An instance where a key pair is bound, or may still work. */
export interface Holder {
  readonly instanceId: InstanceId;
  readonly name: string;
  readonly zoneId: string;
  readonly status: string;
  /** The key pair that ECS records as bound now; null for none. */
  readonly boundTo: string | null;
  /** Whether the key pair in question works, as far as Latchkey knows. */
  readonly effective: Effective;
  readonly why: string;
}

export interface Who {
  readonly keyPairName: string;
  /** null when the region does not have the key pair, or no longer. */
  readonly fingerprint: string | null;
  readonly holders: readonly Holder[];
  /** The list is incomplete: there are more instances than could be read. */
  readonly more: boolean;
  /** Instances in rollouts under way. What such a rollout replaces is remembered only at its end. */
  readonly underWay: number;
}

/** The limit for one selector: select-instances.ts. */
const MAX_FOUND = 10_000;
/** DescribeInstances calls at once: our own choice. */
const IN_FLIGHT = 4;

/**
 * Finds every instance that is bound to the key pair, and every one that Latchkey bound to another key pair
 * without seeing it restarted since. On the latter the old key works until the next boot.
 *
 * Does not know about binds and reboots that bypassed Latchkey: such instances are `unknown`, or missing.
 */
export async function whoHas(keyPairName: string, cloud: CloudPorts): Promise<Who> {
  const { ecs, memories } = cloud;
  const keyPair = await ecs.findKeyPair(keyPairName);
  const { snapshots, more } = await boundTo(keyPairName, cloud);
  const remembered = await memories.recall(snapshots.map(({ instanceId }) => instanceId));
  const bound = snapshots.map((snapshot) => {
    const memory = remembered.get(snapshot.instanceId);
    const effective = keyPair ? effectiveOf(keyPair, memory, { launch: null }) : 'unknown';
    return holderOf(snapshot, effective, whyBound(effective, memory));
  });
  const ids = new Set(bound.map(({ instanceId }) => instanceId));
  const { left, underWay } = await leftBehind(keyPairName, ids, cloud);
  const fingerprint = keyPair?.fingerprint ?? null;
  return { keyPairName, fingerprint, holders: [...bound, ...left], more, underWay };
}

/** Instances that ECS records as bound to the key pair, by id. */
export async function boundTo(keyPairName: string, { ecs }: Pick<CloudPorts, 'ecs'>) {
  const selector = { ...NO_CONDITIONS, keyPairName };
  const { snapshots, more } = await ecs.selectInstances(selector, MAX_FOUND);
  const sorted = snapshots.toSorted((a, b) => (a.instanceId < b.instanceId ? -1 : 1));
  return { snapshots: sorted, more };
}

function holderOf(snapshot: Snapshot, effective: Effective, why: string): Holder {
  const { instanceId, name, zoneId, status, keyPairName } = snapshot;
  return { instanceId, name, zoneId, status, boundTo: keyPairName, effective, why };
}

function whyBound(effective: Effective, memory: InstanceMemory | undefined): string {
  switch (effective) {
    case 'yes':
      return 'bound, and ready after a restart since';
    case 'no': {
      const before = memory?.previousKeyPairName;
      const still = typeof before === 'string' ? `; ${before} works until then` : '';
      return `bound, but not restarted since: works after the next boot${still}`;
    }
    case 'unknown':
      return 'bound, but Latchkey saw no restart since';
  }
}

/** Instances that are no longer bound to the key pair, where it may still work. */
async function leftBehind(
  keyPairName: string,
  bound: ReadonlySet<InstanceId>,
  { everyMemory, ecs }: CloudPorts,
): Promise<{ readonly left: Holder[]; readonly underWay: number }> {
  const suspects = new Map<InstanceId, InstanceMemory>();
  let underWay = 0;
  for await (const page of everyMemory()) {
    for (const memory of page) {
      if (bound.has(memory.instanceId)) continue;
      if (memory.holder !== null) underWay += 1;
      if (isSuspect(memory, keyPairName)) suspects.set(memory.instanceId, memory);
    }
  }
  const pages = chunks([...suspects.keys()], MAX_DESCRIBE_IDS);
  const described = await mapPool(pages, IN_FLIGHT, (ids) => ecs.describeInstances(ids));
  const left = described.flat().map((snapshot) => {
    return leftHolder(snapshot, suspects.get(snapshot.instanceId)!, keyPairName);
  });
  return { left: left.filter((one) => one !== undefined), underWay };
}

function isSuspect({ bound, previousKeyPairName, readyAtMs }: InstanceMemory, keyPairName: string) {
  if (bound?.name === keyPairName) return true;
  return previousKeyPairName === keyPairName && bound !== null && (readyAtMs ?? 0) < bound.atMs;
}

function leftHolder(
  snapshot: Snapshot,
  { bound, doubtAtMs }: InstanceMemory,
  keyPairName: string,
): Holder | undefined {
  // A stopped instance allows no login, and its next boot takes the key pair that is bound now.
  if (snapshot.status === 'Stopped' || snapshot.keyPairName === keyPairName) return undefined;
  const now = `bound to ${snapshot.keyPairName ?? 'nothing'} since`;
  if (bound?.name === keyPairName || bound?.name !== snapshot.keyPairName) {
    return holderOf(snapshot, 'unknown', `${now}, but by whom is not recorded yet`);
  }
  if ((doubtAtMs ?? 0) >= bound.atMs) {
    return holderOf(snapshot, 'unknown', `${now}; whether it restarted is unknown`);
  }
  return holderOf(snapshot, 'yes', `${now}, but not restarted: works until the next boot`);
}
