import type { AskPorts } from '../ask-ports.ts';
import type { Invocation } from '../carry-out.ts';
import { hexOf } from '../../../lib/hex.ts';
import type { InstanceId, LaunchClaim } from '../../model/instance.ts';
import type { Launch } from '../../model/launch.ts';
import { mapPool } from '../../../lib/pool.ts';
import type { Origin } from '../../model/request.ts';
import { rolloutIdOf } from '../rollout-id.ts';

/** Rollouts loaded at once: our own choice. */
const IN_FLIGHT = 8;

/**
 * Which launches are rollouts already, and the right to make others into one.
 *
 * A launch is claimed for a rollout before that is created, so an instance whose claim names a rollout
 * that is not there is either about to get it or has lost whoever was at it. The first is waited for,
 * the second is taken over, on condition that the claim is still the one that was read. A rollout has a
 * row once and for all: one that exists without the instance will never have it.
 */
export interface Claims {
  /** Those that are in a rollout. */
  readonly taken: ReadonlySet<InstanceId>;
  /** At most as many as a rollout may have. */
  claim(rule: string, instanceIds: readonly InstanceId[]): Promise<Claimed>;
}

export interface Claimed {
  /** Of the rollout that `ours` may be asked for under. The same instances always have the same one. */
  readonly origin: Origin;
  readonly ours: ReadonlySet<InstanceId>;
  /** Until when whoever has the others may be at it still. */
  readonly waitFor: ReadonlyMap<InstanceId, number>;
}

export async function claimsOn(
  launches: readonly Launch[],
  ports: AskPorts,
  { ownerUntilMs }: Invocation,
): Promise<Claims> {
  const { memories, rollouts, clock, sha256 } = ports;
  // Before its rollout is looked for: whoever is dead by then will not create it after the look.
  const nowMs = clock.nowMs();
  const remembered = await memories.recall(launches.map(({ instanceId }) => instanceId));
  const claims = [...remembered].flatMap(([id, { launch }]) =>
    launch === null ? [] : [[id, launch] as const],
  );
  const members = await membersOf(new Set(claims.map(([, one]) => one.rolloutId)), rollouts);
  const taken = new Set<InstanceId>();
  const dead = new Map<InstanceId, LaunchClaim>();
  const fresh = new Map<InstanceId, LaunchClaim>();
  for (const [id, claim] of claims) {
    const inRollout = members.get(claim.rolloutId);
    if (inRollout?.has(id)) taken.add(id);
    else if (inRollout !== undefined || nowMs > claim.ownerUntilMs) dead.set(id, claim);
    else fresh.set(id, claim);
  }

  const originOf = (rule: string, ids: readonly InstanceId[]): Origin => {
    const key = hexOf(sha256(ids.toSorted().join(',')));
    return { door: 'launch', client: rule, idempotencyKey: key, bodyDigest: key };
  };
  return {
    taken,
    async claim(rule, instanceIds) {
      const whole = originOf(rule, instanceIds);
      const wholeId = rolloutIdOf(whole, sha256);
      // Claimed by an earlier try of just this: then it goes on where that one died.
      const isOurs = (id: InstanceId) => (fresh.get(id)?.rolloutId ?? wholeId) === wholeId;
      const free = instanceIds.every(isOurs)
        ? instanceIds
        : instanceIds.filter((id) => !fresh.has(id));
      const waitFor = new Map([...fresh].map(([id, claim]) => [id, claim.ownerUntilMs]));
      const origin = free === instanceIds ? whole : originOf(rule, free);
      if (free.length === 0) return { origin, ours: new Set(), waitFor };
      const rolloutId = rolloutIdOf(origin, sha256);
      const now = await memories.claimLaunch(rolloutId, free, ownerUntilMs, dead);
      const ours = new Set(free.filter((id) => now.get(id)?.rolloutId === rolloutId));
      for (const [id, claim] of now) {
        if (claim.rolloutId !== rolloutId) waitFor.set(id, claim.ownerUntilMs);
      }
      return { origin, ours, waitFor };
    },
  };
}

/** By rollout, the instances of those that exist. */
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
