import { answerIn, isReleased, NOT_BEGUN_MS, pauseMs, retryAtMs } from './attaching.ts';
import { type Draft, Tally } from './draft.ts';
import type { CallResult, Claim } from '../model/events.ts';
import type { InstanceMemory, Snapshot } from '../model/instance.ts';
import type { CallOutcome } from '../model/ports.ts';
import {
  type Restart,
  type RestartState,
  type RolloutInstance,
  targetKeyPair,
} from '../model/rollout.ts';

/** Two Running reads at least so far apart make an instance ready: ECS still shows Running right after a reboot call. */
export const READY_GAP_MS = 10_000;

/** The first read after a restart, and the least and the most time between two reads: our own choice. */
export const LOOK_MS = { first: 5_000, least: 5_000, most: 30_000 };

type Booting = RestartState & { kind: 'booting' };
type Claimed = RestartState & { kind: 'claimed' };

/** Bound, and its restart is due. */
export function isDueForRestart({ attach, restart }: RolloutInstance, nowMs: number): boolean {
  const bound =
    attach.kind === 'attached' ||
    (attach.kind === 'skipped' && attach.reason === 'already-attached');
  return bound && restart.kind === 'due' && restart.notBeforeMs <= nowMs;
}

/** `due` → `claimed`. It must be saved before the restart call is made. */
export function claim(draft: Draft, index: number, wave: number): Claim & { how: Restart } {
  const { instanceId, restart } = draft.instances[index]!;
  if (restart.kind !== 'due') throw new RangeError(`Cannot claim ${instanceId}: ${restart.kind}`);
  const { how } = restart;
  const attempt = restart.attempt + 1;
  const { nowMs: atMs, ownerUntilMs: untilMs } = draft.moment;
  draft.setInstance(index, { wave, restart: { kind: 'claimed', how, attempt, atMs, untilMs } });
  return { instanceId, attempt, how };
}

/** `claimed` → `booting` or `failed`; back to `due` when certainly nothing was done. */
export function restartAnswered(
  draft: Draft,
  how: Restart,
  claims: readonly Claim[],
  result: CallResult,
): void {
  const { requestId, outcomes } = answerIn(result);
  const tally = new Tally();
  let accepted = 0;
  if (draft.rollout.phase !== 'open') {
    // The instances are released. Only a person can act on the answer.
    draft.note('late answer', claims.length, how, requestId);
    return;
  }
  for (const { instanceId, attempt } of claims) {
    const index = draft.indexOf(instanceId);
    if (index === undefined) continue;
    const { restart } = draft.instances[index]!;
    // A late answer counts, an answer to another attempt does not.
    if (restart.kind !== 'claimed' && restart.kind !== 'unknown') continue;
    if (restart.attempt !== attempt) continue;
    const next =
      result.kind === 'answer'
        ? afterAnswer(draft, restart, outcomes.get(instanceId), requestId)
        : afterNoAnswer(draft, restart, result);
    if (next === undefined) {
      tally.add('no answer');
      continue;
    }
    draft.setInstance(index, { restart: next });
    if (next.kind === 'booting') accepted += 1;
    else if (next.kind === 'failed') tally.add(next.code);
    else if (next.kind === 'due') tally.add(`put off: ${next.reason}`);
  }
  draft.note(how === 'reboot' ? 'rebooted' : 'started', accepted, '', requestId);
  tally.noteIn(draft, how === 'reboot' ? 'not rebooted' : 'not started', requestId);
}

type Asked = RestartState & { kind: 'claimed' | 'unknown' };

/** A restart that failed. @param runningAtMs when it was seen Running; null: not since the restart */
export function failed(
  { how, attempt }: Pick<Booting, 'how' | 'attempt'>,
  code: string,
  message: string,
  requestId = '',
  runningAtMs: number | null = null,
): RestartState {
  return { kind: 'failed', how, attempt, code, message, requestId, runningAtMs };
}

/** undefined: no answer for this instance. Its claim stands until there is evidence. */
function afterAnswer(
  { moment: { nowMs } }: Draft,
  asked: Asked,
  outcome: CallOutcome | undefined,
  requestId: string,
): RestartState | undefined {
  switch (outcome?.kind) {
    case 'done':
      return {
        kind: 'booting',
        how: asked.how,
        attempt: asked.attempt,
        proof: 'accepted',
        sinceMs: nowMs,
        runningAtMs: null,
        lookedAtMs: nowMs,
        readAtMs: nowMs + LOOK_MS.first,
        requestId,
      };
    case 'failed':
      return failed(asked, outcome.code, outcome.message, requestId);
    case 'unknown':
    case undefined:
      return undefined;
  }
}

function afterNoAnswer(
  draft: Draft,
  { how, attempt }: Asked,
  result: Exclude<CallResult, { kind: 'answer' }>,
): RestartState | undefined {
  const { nowMs } = draft.moment;
  // After an earlier attempt it counts as down until a read shows it Running.
  const due = (notBeforeMs: number, reason: string): RestartState => {
    return { kind: 'due', how, attempt, isDown: attempt > 1, notBeforeMs, reason };
  };
  if (result.kind === 'not-begun') return due(nowMs + NOT_BEGUN_MS, 'not-begun');
  const { error } = result;
  if (error.traits.certainty === 'maybe-done') return undefined;
  if (error.code === 'throttled') return due(retryAtMs(error, nowMs), error.code);
  if (error.code === 'unreachable') return due(nowMs + pauseMs(draft), error.code);
  const { vendorCode = error.code, requestId } = error.details;
  return failed({ how, attempt }, vendorCode, error.message, requestId);
}

/** Settles an orphaned claim, or watches a boot, by the current state in ECS and in the memory. */
export function restartLooked(
  draft: Draft,
  index: number,
  snapshot: Snapshot | undefined,
  memory: InstanceMemory | undefined,
  lookedAtMs: number,
): void {
  const instance = draft.instances[index]!;
  const { restart } = instance;
  const { nowMs } = draft.moment;
  if (snapshot === undefined && !isReleased(instance, nowMs)) {
    const again = nowMs + LOOK_MS.least;
    if (restart.kind === 'claimed' && restart.untilMs <= nowMs) {
      draft.setInstance(index, { restart: { ...restart, untilMs: again } });
    } else if (restart.kind === 'booting') {
      draft.setInstance(index, { restart: { ...restart, readAtMs: again } });
    }
    return;
  }
  if (restart.kind === 'claimed' && restart.untilMs <= nowMs && restart.atMs <= lookedAtMs) {
    const settled = settleClaim(draft, restart, snapshot, memory, lookedAtMs);
    draft.setInstance(index, { restart: settled });
  } else if (restart.kind === 'booting') {
    const wanted = targetKeyPair(draft.rollout, instance)?.name ?? null;
    draft.setInstance(index, { restart: watch(draft, restart, wanted, snapshot, lookedAtMs) });
  }
}

/** `claimed` → `booting` with evidence, else `unknown`. Without evidence nobody knows whether the call was made. */
function settleClaim(
  { moment }: Draft,
  claimed: Claimed,
  snapshot: Snapshot | undefined,
  memory: InstanceMemory | undefined,
  lookedAtMs: number,
): RestartState {
  const { how, attempt } = claimed;
  if (snapshot === undefined) return released(claimed, '');
  const seenAtMs = evidenceAtMs(claimed, snapshot, memory, lookedAtMs);
  const runningAtMs = snapshot.status === 'Running' ? lookedAtMs : null;
  if (seenAtMs === undefined) {
    const code = 'NoEvidence';
    return { kind: 'unknown', how, attempt, atMs: moment.nowMs, code, runningAtMs };
  }
  return {
    kind: 'booting',
    how,
    attempt,
    proof: 'observed',
    sinceMs: seenAtMs,
    runningAtMs,
    lookedAtMs,
    readAtMs: moment.nowMs + (runningAtMs === null ? LOOK_MS.least : READY_GAP_MS),
    requestId: '',
  };
}

/**
 * When the instance was seen to boot after the claim; undefined: no evidence.
 *
 * The evidence of a reboot is a state other than Running. Running alone is no evidence of a start, because
 * somebody may have started the instance before the claim. An instance that was in another state after the
 * claim and is not Stopped now has booted since.
 */
function evidenceAtMs(
  { how, atMs }: Claimed,
  { status }: Snapshot,
  memory: InstanceMemory | undefined,
  lookedAtMs: number,
): number | undefined {
  const witnessedAtMs = memory?.notRunningAtMs ?? Number.NEGATIVE_INFINITY;
  const isWitnessed = witnessedAtMs >= atMs;
  if (how === 'start') {
    if (status === 'Starting') return lookedAtMs;
    return isWitnessed && status === 'Running' ? witnessedAtMs : undefined;
  }
  if (isWitnessed) return witnessedAtMs;
  return status === 'Running' ? undefined : lookedAtMs;
}

/** `booting` → `ready` after two Running reads, or `failed`. */
function watch(
  { rollout, moment }: Draft,
  booting: Booting,
  wanted: string | null,
  snapshot: Snapshot | undefined,
  lookedAtMs: number,
): RestartState {
  const { how, attempt, requestId } = booting;
  // A read that was sent before the proof, or before the last read, says nothing new.
  if (lookedAtMs <= booting.lookedAtMs) {
    return { ...booting, readAtMs: Math.max(booting.readAtMs, moment.nowMs + NOT_BEGUN_MS) };
  }
  if (snapshot === undefined) return released(booting, requestId);
  const { readyTimeoutSeconds } = rollout.request;
  const late = moment.nowMs - booting.sinceMs > readyTimeoutSeconds * 1_000;
  if (snapshot.status !== 'Running') {
    if (late) {
      const message = `${snapshot.status} after ${readyTimeoutSeconds} s`;
      return failed(booting, 'ReadyTimeout', message, requestId);
    }
    const readAtMs = moment.nowMs + lookMs(moment.nowMs - booting.sinceMs);
    // Stopped is no evidence of a start: the instance was Stopped before.
    const seen = how === 'reboot' || snapshot.status !== 'Stopped';
    const proven = seen ? 'observed' : booting.proof;
    return { ...booting, proof: proven, runningAtMs: null, lookedAtMs, readAtMs };
  }
  const { runningAtMs } = booting;
  const nextAtMs = (sinceMs: number) => Math.max(sinceMs + READY_GAP_MS, moment.nowMs + 1);
  if (runningAtMs === null) {
    return { ...booting, runningAtMs: lookedAtMs, lookedAtMs, readAtMs: nextAtMs(lookedAtMs) };
  }
  if (lookedAtMs - runningAtMs < READY_GAP_MS) {
    return { ...booting, lookedAtMs, readAtMs: nextAtMs(runningAtMs) };
  }
  // Checked only now: the first Running read may still be from before the restart.
  if (snapshot.keyPairName !== wanted) {
    const message = `Somebody bound ${snapshot.keyPairName ?? 'no key pair'} in the meantime`;
    return failed(booting, 'BoundToAnother', message, requestId, lookedAtMs);
  }
  return { kind: 'ready', how, attempt, proof: booting.proof, atMs: lookedAtMs, requestId };
}

/** Often at first, because a boot usually takes half a minute, then less often. */
function lookMs(sinceMs: number): number {
  return Math.min(LOOK_MS.most, Math.max(LOOK_MS.least, Math.floor(sinceMs / 2)));
}

/** The code of an instance that no longer exists. */
export const RELEASED = 'InstanceReleased';

export function released(
  restart: Pick<Booting, 'how' | 'attempt'>,
  requestId: string,
): RestartState {
  return failed(restart, RELEASED, 'The instance no longer exists', requestId);
}
