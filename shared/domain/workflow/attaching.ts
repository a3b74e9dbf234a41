import { type Draft, Tally } from './draft.ts';
import type { LatchkeyError } from '../model/errors.ts';
import type { CallResult } from '../model/events.ts';
import type { InstanceId, Snapshot } from '../model/instance.ts';
import { firstAttach, PENDING_LOOK_MS } from '../plan/plan.ts';
import { NO_RESTART, restartFor } from '../plan/planned-restart.ts';
import type { CallAnswer, CallOutcome } from '../model/ports.ts';
import { type AttachState, type RolloutInstance, targetKeyPair } from '../model/rollout.ts';
import { nextMinuteMs } from '../model/throttling.ts';

/** How long after a lost answer ECS is asked for the state: our own choice. */
const UNKNOWN_LOOK_MS = 5_000;

/** While ECS cannot be reached, pauses grow with the age of the rollout, between these: our choice. */
const PAUSE_MS = { least: 10_000, most: 300_000 };

/** An instance that is missing for so long is released. A new instance is invisible for less. Our choice. */
const RELEASED_AFTER_MS = 60_000;

/** When another invocation continues what the time limit cut off: our own choice. */
export const NOT_BEGUN_MS = 1_000;

/** A new instance that is not up after so long is skipped: our own choice. */
const PENDING_LIMIT_MS = 900_000;

/** `due` → `attached`, `failed`, `unknown`, or `waiting`. */
export function attachAnswered(
  draft: Draft,
  instanceIds: readonly InstanceId[],
  result: CallResult,
): void {
  const tally = new Tally();
  const { requestId, outcomes } = answerIn(result);
  let attached = 0;
  for (const instanceId of instanceIds) {
    const index = draft.indexOf(instanceId);
    if (index === undefined || !isOpen(draft.instances[index]!.attach)) continue;
    const next =
      result.kind === 'answer'
        ? afterAnswer(outcomes.get(instanceId), requestId, draft.moment.nowMs)
        : afterNoAnswer(draft, result);
    if (next.kind === 'attached' || next.kind === 'failed') draft.settle(index, next);
    else draft.setInstance(index, { attach: next });
    if (next.kind === 'attached') attached += 1;
    else tally.add(wordsFor(next));
  }
  draft.note('attached', attached, '', requestId);
  tally.noteIn(draft, 'not attached', requestId);
}

/** The request id and the outcome of each instance, as far as there was an answer. */
export function answerIn(result: CallResult) {
  const { requestId, outcomes }: CallAnswer =
    result.kind === 'answer' ? result.answer : { requestId: '', outcomes: [] };
  return { requestId, outcomes: new Map(outcomes.map((one) => [one.instanceId, one])) };
}

/** A later answer must not change a final outcome. */
function isOpen(attach: AttachState): boolean {
  return attach.kind === 'due' || attach.kind === 'waiting' || attach.kind === 'unknown';
}

type Answered = AttachState & { kind: 'attached' | 'failed' | 'unknown' };

function afterAnswer(outcome: CallOutcome | undefined, requestId: string, nowMs: number): Answered {
  switch (outcome?.kind) {
    case 'done':
      return { kind: 'attached', atMs: nowMs, requestId };
    case 'failed':
      return { kind: 'failed', code: outcome.code, message: outcome.message, requestId };
    case 'unknown':
    case undefined:
      return unknown(outcome?.code ?? 'NoAnswerForInstance', nowMs + UNKNOWN_LOOK_MS);
  }
}

const unknown = (code: string, untilMs: number) => ({ kind: 'unknown', code, untilMs }) as const;

function afterNoAnswer(
  draft: Draft,
  result: Exclude<CallResult, { kind: 'answer' }>,
): AttachState & { kind: 'failed' | 'unknown' | 'waiting' } {
  const { nowMs } = draft.moment;
  if (result.kind === 'not-begun') {
    return { kind: 'waiting', reason: 'unavailable', untilMs: nowMs + NOT_BEGUN_MS };
  }
  const { error } = result;
  const code = error.details.vendorCode ?? error.code;
  if (error.code === 'throttled') {
    return { kind: 'waiting', reason: 'throttled', untilMs: retryAtMs(error, nowMs) };
  }
  if (error.code === 'unreachable') {
    return { kind: 'waiting', reason: 'unavailable', untilMs: nowMs + pauseMs(draft) };
  }
  if (error.traits.certainty === 'maybe-done') {
    return unknown(code, nowMs + Math.max(UNKNOWN_LOOK_MS, pauseMs(draft) / 2));
  }
  const requestId = error.details.requestId ?? '';
  return { kind: 'failed', code, message: error.message, requestId };
}

export function retryAtMs(error: LatchkeyError, nowMs: number): number {
  return error.details.retryAtMs ?? nextMinuteMs(nowMs);
}

export function pauseMs({ rollout, moment }: Draft): number {
  const ageMs = moment.nowMs - rollout.createdAtMs;
  return Math.min(PAUSE_MS.most, Math.max(PAUSE_MS.least, Math.floor(ageMs / 4)));
}

function wordsFor(attach: AttachState & { kind: 'failed' | 'unknown' | 'waiting' }): string {
  switch (attach.kind) {
    case 'failed':
      return attach.code;
    case 'unknown':
      return `no answer: ${attach.code}`;
    case 'waiting':
      return `waiting: ${attach.reason}`;
  }
}

/** One answer of ECS without the instance does not prove that it was released. */
export function isReleased({ missingSinceMs }: RolloutInstance, nowMs: number): boolean {
  return missingSinceMs !== null && nowMs - missingSinceMs >= RELEASED_AFTER_MS;
}

/**
 * Continues with the current state of a new instance, or of one whose attach answer was lost.
 *
 * @returns true when the instance is `due` now, so that the attach call must be made
 */
export function attachLooked(draft: Draft, index: number, snapshot: Snapshot | undefined): boolean {
  const instance = draft.instances[index]!;
  const { attach } = instance;
  const { rollout, moment } = draft;
  const { nowMs, ownerUntilMs } = moment;
  if (attach.kind !== 'unknown' && !(attach.kind === 'waiting' && attach.reason === 'pending')) {
    return false;
  }
  if (snapshot === undefined) {
    if (isReleased(instance, nowMs)) {
      draft.skip(index, 'released');
    } else {
      draft.setInstance(index, { attach: { ...attach, untilMs: nowMs + PENDING_LOOK_MS } });
    }
    return false;
  }
  if (attach.kind === 'unknown') {
    if (snapshot.keyPairName === (targetKeyPair(rollout, instance)?.name ?? null)) {
      draft.settle(index, { kind: 'attached', atMs: nowMs, requestId: '' });
      return false;
    }
    if (rollout.control.kind === 'aborted') {
      draft.skip(index, 'aborted');
      return false;
    }
    draft.setInstance(index, { attach: { kind: 'due', untilMs: ownerUntilMs } });
    return true;
  }
  if (snapshot.status === 'Running' || snapshot.status === 'Stopped') {
    // The reason to withhold the restart does not change while the instance comes up.
    const restart = instance.withheld === '' ? restartFor(snapshot, rollout.request) : NO_RESTART;
    const next = firstAttach(rollout.request, restart, ownerUntilMs);
    draft.setInstance(index, { attach: next, restart });
    return next.kind === 'due';
  }
  if (nowMs - rollout.createdAtMs > PENDING_LIMIT_MS) {
    const detail = `${snapshot.status} for more than ${PENDING_LIMIT_MS / 60_000} minutes`;
    draft.skip(index, 'wrong-state', detail);
    return false;
  }
  const untilMs = nowMs + PENDING_LOOK_MS;
  draft.setInstance(index, { attach: { kind: 'waiting', reason: 'pending', untilMs } });
  return false;
}
