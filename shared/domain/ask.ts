import { carryOut, type CarryOutPorts, type Invocation } from './carry-out.ts';
import { LatchkeyError } from './errors.ts';
import type { Snapshot } from './instance.ts';
import { describeAll } from './look-up.ts';
import { isAttachOver } from './outcome.ts';
import { makePlan, type Plan } from './plan.ts';
import type { Sha256 } from './ports.ts';
import type { Origin, RolloutRequest } from './request.ts';
import { rolloutIdOf } from './rollout-id.ts';
import type { HistoryEntry, Rollout, RolloutInstance } from './rollout.ts';

export type AskPorts = CarryOutPorts & { readonly sha256: Sha256 };

export type Answer =
  /** What would happen; nothing has. */
  | { readonly kind: 'dry-run'; readonly request: RolloutRequest; readonly plan: Plan }
  /** The rollout as it is now. `repeated`: it was asked for before. */
  | { readonly kind: 'rollout'; readonly rollout: Rollout; readonly repeated: boolean };

/**
 * What every door does with a request: plan it, create the rollout, and attach what can be attached
 * now. Asking the same again gives the same rollout.
 *
 * @param snapshots what the caller has described already; the rest is described here
 * @throws {LatchkeyError} `conflict` for another request under the same key, or another plan than
 * expected; `not-valid` for a key pair that does not exist; and what the ports throw. Whatever is
 * thrown before the rollout was created has changed nothing
 */
export async function ask(
  request: RolloutRequest,
  origin: Origin,
  ports: AskPorts,
  invocation: Invocation,
  snapshots?: ReadonlyMap<string, Snapshot>,
): Promise<Answer> {
  const rolloutId = rolloutIdOf(origin, ports.sha256);
  if (!request.dryRun) {
    const earlier = await ports.rollouts.load(rolloutId);
    if (earlier !== undefined) return repeated(earlier, origin);
  }
  const plan = await planFor(request, ports, snapshots, invocation);
  return start(rolloutId, request, origin, plan, ports, invocation);
}

/** What follows once there is a plan: nothing for a dry run, else the rollout, and its beginning. */
export async function start(
  rolloutId: string,
  request: RolloutRequest,
  origin: Origin,
  plan: Plan,
  ports: AskPorts,
  invocation: Invocation,
): Promise<Answer> {
  if (request.expectedPlanDigest !== null && request.expectedPlanDigest !== plan.digest) {
    throw new LatchkeyError(
      'plan-changed',
      `Cannot start: the plan is now "${plan.digest}", not "${request.expectedPlanDigest}"`,
    );
  }
  if (request.dryRun) return { kind: 'dry-run', request, plan };

  const rollout = newRollout(rolloutId, request, origin, plan, ports.clock.nowMs(), invocation);
  if ((await ports.rollouts.create(rollout)) === 'exists') {
    const earlier = await ports.rollouts.load(rolloutId);
    if (earlier !== undefined) return repeated(earlier, origin);
    throw new LatchkeyError('unavailable', `Cannot load rollout "${rolloutId}": it was there`);
  }
  const begun = await carryOut(rollout, { kind: 'begin' }, ports, invocation);
  return { kind: 'rollout', rollout: begun ?? rollout, repeated: false };
}

/** @throws {LatchkeyError} `conflict` when it was another request */
export function repeated(earlier: Rollout, origin: Origin): Answer {
  if (earlier.origin.bodyDigest !== origin.bodyDigest) {
    throw new LatchkeyError(
      'conflict',
      `Cannot accept "${origin.idempotencyKey}": another request came in under this id`,
    );
  }
  return { kind: 'rollout', rollout: earlier, repeated: true };
}

async function planFor(
  request: RolloutRequest,
  { ecs, memories, clock, sha256 }: AskPorts,
  given: ReadonlyMap<string, Snapshot> | undefined,
  { ownerUntilMs }: Invocation,
): Promise<Plan> {
  const { keyPairName, instanceIds } = request;
  const [keyPair, snapshots, remembered] = await Promise.all([
    ecs.findKeyPair(keyPairName),
    given ?? describeAll(ecs, instanceIds),
    memories.recall(instanceIds),
  ]);
  if (keyPair === undefined) {
    const detail = `"${keyPairName}" does not exist in ${request.regionId}`;
    throw new LatchkeyError('not-valid', `Cannot attach key pair ${detail}`, {
      faults: [{ pointer: '/keyPairName', detail }],
    });
  }
  const moment = { nowMs: clock.nowMs(), ownerUntilMs };
  return makePlan(request, { keyPair, snapshots, memories: remembered }, moment, sha256);
}

function newRollout(
  rolloutId: string,
  request: RolloutRequest,
  origin: Origin,
  plan: Plan,
  nowMs: number,
  { ownerUntilMs }: Invocation,
): Rollout {
  const created: HistoryEntry = {
    seq: 0,
    atMs: nowMs,
    what: 'created',
    count: plan.instances.length,
    detail: `${origin.door} ${origin.client}`,
    requestId: '',
    by: origin.client,
  };
  const { approveWithinSeconds } = request;
  const untilMs = nowMs + (approveWithinSeconds ?? 0) * 1_000;
  const instances =
    approveWithinSeconds === null
      ? plan.instances
      : plan.instances.map((instance) => waitForApproval(instance, untilMs));
  return {
    rolloutId,
    version: 1,
    origin,
    request,
    keyPair: plan.keyPair,
    planDigest: plan.digest,
    createdAtMs: nowMs,
    openedAtMs: nowMs,
    updatedAtMs: nowMs,
    phase: 'open',
    held: false,
    ownerUntilMs,
    control: { kind: 'going' },
    approval:
      approveWithinSeconds === null
        ? null
        : { state: 'waiting', untilMs, by: '', why: 'asked for' },
    forgiven: 0,
    wave: 0,
    waitingFor: approveWithinSeconds === null ? '' : 'approval',
    waitingUntilMs: approveWithinSeconds === null ? null : untilMs,
    wakeAtMs: null,
    outbox: [...plan.instances.entries()]
      .filter(([, instance]) => isAttachOver(instance))
      .map(([index]) => index),
    notices: [],
    instances,
    history: [created],
  };
}

function waitForApproval(instance: RolloutInstance, untilMs: number): RolloutInstance {
  const { attach } = instance;
  const isNext = attach.kind === 'due' || (attach.kind === 'waiting' && attach.reason === 'wave');
  // One that is still being created waits for that, and is denied with the others.
  return isNext
    ? { ...instance, attach: { kind: 'waiting', reason: 'approval', untilMs } }
    : instance;
}
