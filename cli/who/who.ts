import type {
  InstanceId,
  InstanceMemory,
  KeyPair,
  Snapshot,
} from '../../shared/domain/model/instance.ts';
import { effectiveOf } from '../../shared/domain/plan/plan.ts';
import { chunks, mapPool } from '../../shared/lib/pool.ts';
import { MAX_DESCRIBE_IDS } from '../../shared/domain/model/ports.ts';
import type { Effective } from '../../shared/domain/model/rollout.ts';
import { NO_CONDITIONS } from '../../shared/domain/model/selector.ts';
import type { CloudPorts } from '../cloud/ports.ts';

/** An instance that a key pair is bound to, or that it may still log in to. */
export interface Holder {
  readonly instanceId: InstanceId;
  readonly name: string;
  readonly zoneId: string;
  readonly status: string;
  /** What ECS records as bound now; null for nothing. */
  readonly boundTo: string | null;
  /** Whether the key pair that was asked about logs in, as far as Latchkey knows. */
  readonly effective: Effective;
  readonly why: string;
}

export interface Who {
  readonly keyPairName: string;
  /** null when the region has no such key pair (any more). */
  readonly fingerprint: string | null;
  readonly holders: readonly Holder[];
  /** There are more than could be read: the list is not whole. */
  readonly more: boolean;
  /** Instances that a rollout has in hand: what it replaces is not remembered before its end. */
  readonly underWay: number;
}

/** As many as are read page by page for one selector: select-instances.ts. */
const MAX_FOUND = 10_000;
/** Describes at once: our own choice. */
const IN_FLIGHT = 4;

/**
 * Every instance that is bound to the key pair, and every one that Latchkey bound to another since without
 * seeing it restarted: the old key logs in there until the next boot.
 *
 * Promises nothing of what was bound, or rebooted, past Latchkey: that is `unknown`, or not seen.
 */
export async function whoHas(keyPairName: string, cloud: CloudPorts): Promise<Who> {
  const { ecs, memories } = cloud;
  const keyPair = await ecs.findKeyPair(keyPairName);
  const { snapshots, more } = await boundTo(keyPairName, cloud);
  const remembered = await memories.recall(snapshots.map(({ instanceId }) => instanceId));
  const bound = snapshots.map((snapshot) =>
    boundHolder(snapshot, keyPair, remembered.get(snapshot.instanceId)),
  );
  const ids = new Set(bound.map(({ instanceId }) => instanceId));
  const { left, underWay } = await leftBehind(keyPairName, ids, cloud);
  const fingerprint = keyPair?.fingerprint ?? null;
  return { keyPairName, fingerprint, holders: [...bound, ...left], more, underWay };
}

/** By ECS alone. */
export async function boundTo(keyPairName: string, { ecs }: Pick<CloudPorts, 'ecs'>) {
  const selector = { ...NO_CONDITIONS, keyPairName };
  const { snapshots, more } = await ecs.selectInstances(selector, MAX_FOUND);
  const sorted = snapshots.toSorted((a, b) => (a.instanceId < b.instanceId ? -1 : 1));
  return { snapshots: sorted, more };
}

function boundHolder(
  snapshot: Snapshot,
  keyPair: KeyPair | undefined,
  memory: InstanceMemory | undefined,
): Holder {
  const effective =
    keyPair === undefined ? 'unknown' : effectiveOf(keyPair, memory, { launch: null });
  return { ...aboutOf(snapshot), effective, why: whyBound(effective, memory) };
}

function whyBound(effective: Effective, memory: InstanceMemory | undefined): string {
  switch (effective) {
    case 'yes':
      return 'bound, and seen ready after a restart since';
    case 'no': {
      const before = memory?.previousKeyPairName;
      const still = typeof before === 'string' ? `; ${before} logs in until then` : '';
      return `bound, but not restarted since: works after the next boot${still}`;
    }
    case 'unknown':
      return 'bound, nobody saw a restart since';
  }
}

function aboutOf({ instanceId, name, zoneId, status, keyPairName }: Snapshot) {
  return { instanceId, name, zoneId, status, boundTo: keyPairName };
}

/** Where it is bound no longer and may log in all the same. */
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
  const described = await mapPool(
    chunks([...suspects.keys()], MAX_DESCRIBE_IDS),
    IN_FLIGHT,
    (ids) => ecs.describeInstances(ids),
  );
  const left = described.flat().flatMap((snapshot) => {
    const holder = leftHolder(snapshot, suspects.get(snapshot.instanceId)!, keyPairName);
    return holder === undefined ? [] : [holder];
  });
  return { left, underWay };
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
  const about = aboutOf(snapshot);
  // Nobody logs in to it now, and its next boot takes what is bound.
  if (snapshot.status === 'Stopped' || snapshot.keyPairName === keyPairName) return undefined;
  const now = snapshot.keyPairName ?? 'nothing';
  if (bound?.name === keyPairName || bound?.name !== snapshot.keyPairName) {
    return {
      ...about,
      effective: 'unknown',
      why: `bound to ${now} since, by whom is not recorded yet`,
    };
  }
  if ((doubtAtMs ?? 0) >= bound.atMs) {
    return {
      ...about,
      effective: 'unknown',
      why: `bound to ${now} since; whether it restarted nobody knows`,
    };
  }
  return {
    ...about,
    effective: 'yes',
    why: `bound to ${now} since, but not restarted: logs in until the next boot`,
  };
}
