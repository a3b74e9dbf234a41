import type { InstanceId, LaunchClaim } from '../../model/instance.ts';
import type { Launch } from '../../model/launch.ts';
import type { Origin } from '../../model/request.ts';
import { hexOf } from '../../../lib/hex.ts';
import { mapPool } from '../../../lib/pool.ts';
import type { AskPorts } from '../ask-ports.ts';
import type { Invocation } from '../carry-out.ts';
import { rolloutIdOf } from '../rollout-id.ts';

/** Rollouts loaded at once: our own choice. */
const IN_FLIGHT = 8;

/**
 * The claims on the launches of a batch (docs/decisions/0007-launches-go-through-the-queue.md).
 *
 * A launch is claimed for a rollout before the rollout is created. When a claim names a rollout that does not
 * exist, its owner is about to create it or is dead. A live owner is waited for. The claim of a dead owner is
 * taken over, unless somebody changed it since it was read. A rollout never gets new instances: one that exists
 * without the instance will never have it.
 */
export interface LaunchClaims {
  /** Instances that are in a launch rollout already. */
  readonly inRollout: ReadonlySet<InstanceId>;
  /** Claims instances for one rollout of the rule. At most as many as a rollout may have. */
  claim(rule: string, instanceIds: readonly InstanceId[]): Promise<Claimed>;
}

export interface Claimed {
  /** The origin of the rollout for `ours`. The same instances always have the same origin. */
  readonly origin: Origin;
  readonly ours: ReadonlySet<InstanceId>;
  /** The instances of other owners, and until when each owner may be alive. */
  readonly ownedUntilMs: ReadonlyMap<InstanceId, number>;
}

export async function claimsOn(
  launches: readonly Launch[],
  ports: AskPorts,
  { ownerUntilMs }: Invocation,
): Promise<LaunchClaims> {
  const { memories, rollouts, clock, sha256 } = ports;
  // Read the clock before the rollouts: an owner that is dead at this moment creates no rollout later.
  const nowMs = clock.nowMs();
  const remembered = await memories.recall(launches.map(({ instanceId }) => instanceId));
  const claims = [...remembered].flatMap(([id, { launch }]) =>
    launch === null ? [] : [[id, launch] as const],
  );
  const members = await membersOf(new Set(claims.map(([, one]) => one.rolloutId)), rollouts);
  const inRollout = new Set<InstanceId>();
  const dead = new Map<InstanceId, LaunchClaim>();
  const live = new Map<InstanceId, LaunchClaim>();
  for (const [id, claim] of claims) {
    const ids = members.get(claim.rolloutId);
    if (ids?.has(id)) inRollout.add(id);
    else if (ids !== undefined || nowMs > claim.ownerUntilMs) dead.set(id, claim);
    else live.set(id, claim);
  }

  const originOf = (rule: string, ids: readonly InstanceId[]): Origin => {
    const key = hexOf(sha256(ids.toSorted().join(',')));
    return { door: 'launch', client: rule, idempotencyKey: key, bodyDigest: key };
  };
  return {
    inRollout,
    async claim(rule, instanceIds) {
      const wholeOrigin = originOf(rule, instanceIds);
      const wholeId = rolloutIdOf(wholeOrigin, sha256);
      // Claims for exactly these instances come from an earlier try, which this one continues.
      const isOurs = (id: InstanceId) => (live.get(id)?.rolloutId ?? wholeId) === wholeId;
      const isWhole = instanceIds.every(isOurs);
      const free = isWhole ? instanceIds : instanceIds.filter((id) => !live.has(id));
      const origin = isWhole ? wholeOrigin : originOf(rule, free);
      const ownedUntilMs = new Map([...live].map(([id, claim]) => [id, claim.ownerUntilMs]));
      if (free.length === 0) return { origin, ours: new Set(), ownedUntilMs };
      const rolloutId = rolloutIdOf(origin, sha256);
      const owners = await memories.claimLaunch(rolloutId, free, ownerUntilMs, dead);
      const ours = new Set(free.filter((id) => owners.get(id)?.rolloutId === rolloutId));
      for (const [id, owner] of owners) {
        if (owner.rolloutId !== rolloutId) ownedUntilMs.set(id, owner.ownerUntilMs);
      }
      return { origin, ours, ownedUntilMs };
    },
  };
}

/** The instances of each rollout that exists. */
async function membersOf(
  rolloutIds: ReadonlySet<string>,
  rollouts: AskPorts['rollouts'],
): Promise<Map<string, ReadonlySet<InstanceId>>> {
  const loaded = await mapPool([...rolloutIds], IN_FLIGHT, async (id) => {
    const [one] = await Promise.allSettled([rollouts.load(id)]);
    return one;
  });
  return new Map(
    loaded.flatMap((one) => {
      if (one.status === 'rejected') throw one.reason;
      if (one.value === undefined) return [];
      const ids = new Set(one.value.instances.map(({ instanceId }) => instanceId));
      return [[one.value.rolloutId, ids] as const];
    }),
  );
}
