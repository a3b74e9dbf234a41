import { canonicalJson } from './canonical-json.ts';
import type { InstanceId, InstanceMemory, KeyPair, Snapshot } from './instance.ts';
import type { Sha256 } from './ports.ts';
import type { RolloutRequest } from './request.ts';
import type { AttachState, RestartState, RolloutInstance } from './rollout.ts';

/** What would happen to each instance, before anything has. */
export interface Plan {
  readonly keyPair: KeyPair;
  /** `sha256:…` over ids, actions, key pair and options; the same as long as these are. */
  readonly digest: string;
  readonly summary: PlanSummary;
  /** In the order of the request. */
  readonly instances: readonly RolloutInstance[];
}

/** What the plan is made from. */
export interface Known {
  readonly keyPair: KeyPair;
  readonly snapshots: ReadonlyMap<InstanceId, Snapshot>;
  readonly memories: ReadonlyMap<InstanceId, InstanceMemory>;
}

/** Now, and until when whoever plans is at work. */
export interface PlanMoment {
  readonly nowMs: number;
  readonly ownerUntilMs: number;
}

/** How long an instance that is still being created is left alone between two looks: our choice. */
export const PENDING_LOOK_MS = 5_000;

const NO_RESTART: RestartState = { kind: 'none' };
const PLANNED = {
  kind: 'due',
  attempt: 0,
  notBeforeMs: 0,
  isDown: false,
  reason: '',
} as const;

/** A pure function of request, snapshots and memories; the moment only says when to go on. */
export function makePlan(
  request: RolloutRequest,
  known: Known,
  moment: PlanMoment,
  sha256: Sha256,
): Plan {
  const instances = request.instanceIds.map((id) => planOne(id, request, known, moment));
  const summary = summaryOf(request, known.keyPair, instances);
  return { keyPair: known.keyPair, digest: digestOf(summary, sha256), summary, instances };
}

function planOne(
  instanceId: InstanceId,
  request: RolloutRequest,
  known: Known,
  { nowMs, ownerUntilMs }: PlanMoment,
): RolloutInstance {
  const snapshot = known.snapshots.get(instanceId);
  const memory = known.memories.get(instanceId);
  const about = {
    instanceId,
    name: snapshot?.name ?? '',
    zoneId: snapshot?.zoneId ?? '',
    previousKeyPairName: snapshot?.keyPairName ?? null,
    group: (request.groupBy === null ? undefined : snapshot?.tags[request.groupBy]) ?? '',
    target: null,
    wave: 0,
    missingSinceMs: null,
    optOut: '',
    withheld: '',
  } as const;
  const skip = (
    reason: (AttachState & { kind: 'skipped' })['reason'],
    detail = '',
  ): RolloutInstance => ({
    ...about,
    attach: { kind: 'skipped', reason, detail, effective: null },
    restart: NO_RESTART,
  });

  if (snapshot === undefined) return skip(memory?.bound ? 'released' : 'not-found');
  if (memory !== undefined && memory.holder !== null) return skip('busy', memory.holder);
  if (snapshot.osType === 'windows') return skip('windows');
  if (!snapshot.ioOptimized) return skip('not-io-optimized');
  if (snapshot.locks.length > 0) return skip('locked', snapshot.locks.join(', '));
  const restart = restartFor(snapshot, request);
  if (snapshot.keyPairName === known.keyPair.name) {
    const effective = effectiveOf(known.keyPair, memory);
    const wanted =
      effective === 'no' || (effective === 'unknown' && request.restartAlreadyAttached);
    return {
      ...about,
      attach: { kind: 'skipped', reason: 'already-attached', detail: '', effective },
      // One that is on its way up boots with the bound key anyway.
      restart: wanted && isSettled(snapshot) ? restart : NO_RESTART,
    };
  }
  switch (snapshot.status) {
    case 'Running':
    case 'Stopped':
      return { ...about, attach: firstAttach(request, restart, ownerUntilMs), restart };
    case 'Pending':
    case 'Starting':
      return {
        ...about,
        attach: { kind: 'waiting', reason: 'pending', untilMs: nowMs + PENDING_LOOK_MS },
        restart,
      };
    case 'Stopping':
      return skip('wrong-state', snapshot.status);
  }
}

/** What an instance waits for before its attach call; the very first thing is an approval. */
export function firstAttach(
  request: Pick<RolloutRequest, 'attach'>,
  restart: RestartState,
  ownerUntilMs: number,
): AttachState {
  const isForItsWave = request.attach === 'wave' && restart.kind === 'due';
  if (isForItsWave) return { kind: 'waiting', reason: 'wave', untilMs: 0 };
  return { kind: 'due', untilMs: ownerUntilMs };
}

function isSettled(snapshot: Snapshot): boolean {
  return snapshot.status === 'Running' || snapshot.status === 'Stopped';
}

/** How the instance gets the key to work, from the state it is in. */
export function restartFor(
  snapshot: Pick<Snapshot, 'status'>,
  request: Pick<RolloutRequest, 'restart' | 'startStopped'>,
): RestartState {
  if (request.restart === 'never') return NO_RESTART;
  if (snapshot.status !== 'Stopped') {
    return { ...PLANNED, how: 'reboot' };
  }
  if (!request.startStopped) return NO_RESTART;
  return { ...PLANNED, how: 'start' };
}

/**
 * Bound is not effective: only what Latchkey bound and saw ready afterwards is known to work. A
 * restart in doubt is a person's business: no later request repeats it unasked.
 */
function effectiveOf(keyPair: KeyPair, memory: InstanceMemory | undefined) {
  const bound = memory?.bound;
  if (bound?.name !== keyPair.name || bound.fingerprint !== keyPair.fingerprint) return 'unknown';
  if ((memory?.readyAtMs ?? 0) >= bound.atMs) return 'yes';
  return (memory?.doubtAtMs ?? 0) >= bound.atMs ? 'unknown' : 'no';
}

/** What the digest is made over: what a person who saw the plan has agreed to. */
export interface PlanSummary {
  readonly regionId: string;
  readonly keyPair: KeyPair;
  readonly options: Readonly<Record<string, string | number | boolean | null>>;
  /** `[id, action or reason to skip, restart]`, in an undo followed by the other key pair. */
  readonly instances: readonly (readonly string[])[];
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
  const hex = Array.from(sha256(text), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return `sha256:${hex}`;
}

function actionsOf({ attach, restart, target }: RolloutInstance): string[] {
  const first = attach.kind === 'skipped' ? attach.reason : 'attach';
  const actions = [first, restart.kind === 'due' ? restart.how : 'none'];
  if (target === null) return actions;
  return [...actions, target.keyPair?.name ?? '', target.keyPair?.fingerprint ?? ''];
}

/** What whoever asked should know before, or while, it happens (design.md §6.1). */
export function warningsOf(plan: Pick<Plan, 'instances'>): string[] {
  const warnings: string[] = [];
  const attached = plan.instances.filter(
    ({ attach }) => attach.kind !== 'skipped' && attach.kind !== 'failed',
  );
  if (attached.length > 0) warnings.push(`password login goes off on ${some(attached.length)}`);
  const replaced = new Map<string, number>();
  for (const { previousKeyPairName } of attached) {
    if (previousKeyPairName === null) continue;
    replaced.set(previousKeyPairName, (replaced.get(previousKeyPairName) ?? 0) + 1);
  }
  for (const [name, count] of replaced) {
    warnings.push(`key pair ${name} is replaced on ${some(count)}`);
  }
  const unknown = plan.instances.filter(
    ({ attach, restart }) =>
      attach.kind === 'skipped' && attach.effective === 'unknown' && restart.kind === 'none',
  );
  if (unknown.length > 0) {
    warnings.push(
      `nobody knows whether the key works on ${some(unknown.length)} bound to it already: "restartAlreadyAttached": true restarts them`,
    );
  }
  const dormant = plan.instances.filter(
    ({ attach, restart }) =>
      attach.kind === 'skipped' && attach.effective === 'no' && restart.kind === 'none',
  );
  if (dormant.length > 0) {
    warnings.push(
      `the key does not work before the next boot on ${some(dormant.length)} bound to it already`,
    );
  }
  return warnings;
}

function some(count: number): string {
  return count === 1 ? '1 instance' : `${count} instances`;
}
