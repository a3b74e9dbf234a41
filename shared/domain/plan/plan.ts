import type { Plan, PlanSummary } from '../model/plan.ts';
import { canonicalJson } from '../../lib/canonical-json.ts';
import { hexOf } from '../../lib/hex.ts';
import type { InstanceId, InstanceMemory, KeyPair, Snapshot } from '../model/instance.ts';
import { attachOptOut, type OptOutRules, restartOptOut } from '../policy/opt-out.ts';
import { isScalingMember, NO_RESTART, restartUnlessWithheld } from './planned-restart.ts';
import type { Sha256 } from '../model/ports.ts';
import type { RolloutRequest } from '../model/request.ts';
import type { AttachState, Effective, RestartState, RolloutInstance } from '../model/rollout.ts';
import type { SkipReason } from '../model/skip-reason.ts';

/** The input of a plan. */
export interface Known {
  readonly keyPair: KeyPair;
  readonly snapshots: ReadonlyMap<InstanceId, Snapshot>;
  readonly memories: ReadonlyMap<InstanceId, InstanceMemory>;
  readonly optOut: OptOutRules;
}

/** Now, and when the invocation that plans is certainly dead. */
export interface PlanMoment {
  readonly nowMs: number;
  readonly ownerUntilMs: number;
}

/** The time between two reads of an instance that is still being created: our choice. */
export const PENDING_LOOK_MS = 5_000;

/**
 * A pure function of request, policy, snapshots and memories. The moment sets when to continue and, at the
 * launch door, which instances are too old to be restarted.
 */
export function makePlan(
  request: RolloutRequest,
  known: Known,
  moment: PlanMoment,
  sha256: Sha256,
): Plan {
  const instances = request.instanceIds.map((id) => planOne(id, request, known, moment));
  return planOf(request, known.keyPair, instances, sha256);
}

export function planOf(
  request: RolloutRequest,
  keyPair: KeyPair,
  instances: readonly RolloutInstance[],
  sha256: Sha256,
): Plan {
  const summary = summaryOf(request, keyPair, instances);
  return { keyPair, digest: digestOf(summary, sha256), summary, instances };
}

/** An instance whose key pair stays as it is. */
export function skipped(
  about: Omit<RolloutInstance, 'attach' | 'restart'>,
  reason: SkipReason,
  detail = '',
): RolloutInstance {
  const attach = { kind: 'skipped', reason, detail, effective: null } as const;
  return { ...about, attach, restart: NO_RESTART };
}

function planOne(
  instanceId: InstanceId,
  request: RolloutRequest,
  known: Known,
  moment: PlanMoment,
): RolloutInstance {
  const snapshot = known.snapshots.get(instanceId);
  const memory = known.memories.get(instanceId);
  const about = aboutOf(instanceId, request, snapshot, known.optOut);
  const skip = (reason: SkipReason, detail?: string) => skipped(about, reason, detail);
  if (snapshot === undefined) return skip(memory?.bound ? 'released' : 'not-found');
  const obstacle = obstacleTo(snapshot, memory, known.optOut);
  if (obstacle !== undefined) return skip(...obstacle);
  const { keyPairName, status } = snapshot;
  if (keyPairName === known.keyPair.name) {
    const effective = effectiveOf(known.keyPair, memory, request);
    const wanted =
      effective === 'no' || (effective === 'unknown' && request.restartAlreadyAttached);
    return {
      ...about,
      attach: { kind: 'skipped', reason: 'already-attached', detail: '', effective },
      // An instance that is coming up boots with the bound key anyway.
      ...(wanted && (status === 'Running' || status === 'Stopped')
        ? restartUnlessWithheld(snapshot, request, known.optOut, moment.nowMs)
        : { restart: NO_RESTART }),
    };
  }
  if (request.launch?.replace === false && keyPairName !== null) {
    return skip('other-key-pair', keyPairName);
  }
  const planned = restartUnlessWithheld(snapshot, request, known.optOut, moment.nowMs);
  switch (status) {
    case 'Running':
    case 'Stopped': {
      const attach = firstAttach(request, planned.restart, moment.ownerUntilMs);
      return { ...about, ...planned, attach };
    }
    case 'Pending':
    case 'Starting': {
      const untilMs = moment.nowMs + PENDING_LOOK_MS;
      return { ...about, ...planned, attach: { kind: 'waiting', reason: 'pending', untilMs } };
    }
    case 'Stopping':
      return skip('wrong-state', status);
  }
}

function aboutOf(
  instanceId: InstanceId,
  request: RolloutRequest,
  snapshot: Snapshot | undefined,
  optOut: OptOutRules,
): Omit<RolloutInstance, 'attach' | 'restart'> {
  return {
    instanceId,
    name: snapshot?.name ?? '',
    zoneId: snapshot?.zoneId ?? '',
    previousKeyPairName: snapshot?.keyPairName ?? null,
    group: (request.groupBy === null ? undefined : snapshot?.tags[request.groupBy]) ?? '',
    target: null,
    wave: 0,
    missingSinceMs: null,
    isScalingMember: snapshot !== undefined && isScalingMember(snapshot),
    optOut: snapshot === undefined ? '' : restartOptOut(snapshot, optOut.tags),
    withheld: '',
  };
}

/** Why no key pair can or may be attached, whatever is bound now. */
function obstacleTo(
  snapshot: Snapshot,
  memory: InstanceMemory | undefined,
  optOut: OptOutRules,
): [reason: SkipReason, detail?: string] | undefined {
  // First, so that the owner's tag is reported before any other obstacle.
  const byTag = attachOptOut(snapshot, optOut.tags);
  if (byTag !== undefined) return ['opted-out', byTag];
  if (memory !== undefined && memory.holder !== null) return ['busy', memory.holder];
  if (snapshot.osType === 'windows') return ['windows'];
  if (!snapshot.ioOptimized) return ['not-io-optimized'];
  if (snapshot.locks.length > 0) return ['locked', snapshot.locks.join(', ')];
  return undefined;
}

/** The first attach state: due, or waiting for its wave. `newRollout` adds the wait for an approval. */
export function firstAttach(
  request: Pick<RolloutRequest, 'attach'>,
  restart: RestartState,
  ownerUntilMs: number,
): AttachState {
  const isForItsWave = request.attach === 'wave' && restart.kind === 'due';
  if (isForItsWave) return { kind: 'waiting', reason: 'wave', untilMs: 0 };
  return { kind: 'due', untilMs: ownerUntilMs };
}

/**
 * Whether the bound key logs in. Bound is not effective: only a key that Latchkey bound, and saw ready
 * afterwards, is known to be effective. After an unknown restart the answer is `unknown`, so that no later
 * request repeats the restart unasked.
 *
 * At the launch door, a key that Latchkey never bound counts as bound at launch, and so as present at the
 * first boot. A key that somebody bound by hand between launch and rule cannot be told apart.
 */
export function effectiveOf(
  keyPair: KeyPair,
  memory: InstanceMemory | undefined,
  { launch }: Pick<RolloutRequest, 'launch'>,
): Effective {
  const bound = memory?.bound;
  if (launch !== null && (bound === undefined || bound === null)) return 'yes';
  if (bound?.name !== keyPair.name || bound.fingerprint !== keyPair.fingerprint) return 'unknown';
  if ((memory?.readyAtMs ?? 0) >= bound.atMs) return 'yes';
  return (memory?.doubtAtMs ?? 0) >= bound.atMs ? 'unknown' : 'no';
}

export function summaryOf(
  request: RolloutRequest,
  keyPair: KeyPair,
  instances: readonly RolloutInstance[],
): PlanSummary {
  return {
    regionId: request.regionId,
    keyPair: { name: keyPair.name, fingerprint: keyPair.fingerprint },
    options: {
      restart: request.restart,
      startStopped: request.startStopped,
      restartAlreadyAttached: request.restartAlreadyAttached,
      attach: request.attach,
      maxUnavailable: request.maxUnavailable,
      ramp: request.ramp,
      groupBy: request.groupBy,
      haltAfterFailures: request.haltAfterFailures,
      bakeSeconds: request.bakeSeconds,
      readyTimeoutSeconds: request.readyTimeoutSeconds,
    },
    instances: instances.map((instance) => [instance.instanceId, ...actionsOf(instance)]),
  };
}

export function digestOf(summary: PlanSummary, sha256: Sha256): string {
  const text = canonicalJson({ ...summary, keyPair: { ...summary.keyPair } });
  return `sha256:${hexOf(sha256(text))}`;
}

function actionsOf({ attach, restart, target, optOut }: RolloutInstance): string[] {
  const first = attach.kind === 'skipped' ? attach.reason : 'attach';
  const how = restart.kind === 'due' ? restart.how : 'none';
  const actions = [first, optOut === 'window' && how !== 'none' ? `${how} in window` : how];
  if (target === null) return actions;
  return [...actions, target.keyPair?.name ?? '', target.keyPair?.fingerprint ?? ''];
}
