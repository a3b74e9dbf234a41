import { attachAnswered, attachLooked } from './attaching.ts';
import { refuseApproval } from './approval.ts';
import { abortWhenRevoked, hasMoreToDo, obey } from './control.ts';
import { Draft, dropTheRest } from './draft.ts';
import type { Effect, Moment, RolloutEvent } from '../model/events.ts';
import type { InstanceId } from '../model/instance.ts';
import { isOver } from '../model/outcome.ts';
import type { GateAnswer } from '../model/ports.ts';
import { announceAll, onAnnounced, tellChannels } from './notices.ts';
import {
  considerWave,
  haltWhenDue,
  onNotPrepared,
  onPrepared,
  withholdWithoutWindow,
} from './pacing.ts';
import { restartAnswered, restartLooked } from './restarting.ts';
import type { Rollout, RolloutInstance } from '../model/rollout.ts';

/**
 * The whole workflow: the rollout after one event, and the effects to carry out. Pure. An event without news
 * returns the same object, and no effect that is under way already.
 *
 * Called by `carryOut` only, which saves the rollout **before** it carries the effects out.
 */
export function step(
  rollout: Rollout,
  event: RolloutEvent,
  moment: Moment,
): { readonly rollout: Rollout; readonly effects: readonly Effect[] } {
  const draft = new Draft(rollout, moment);
  // First of all: after a revocation no event may continue the rollout.
  if (abortWhenRevoked(draft)) publishOutbox(draft);
  switch (event.kind) {
    case 'begin':
      announceAll(draft);
      if (!draft.rollout.held && isApproved(draft.rollout)) takeInstances(draft);
      break;
    case 'wake':
      carryOn(draft);
      break;
    case 'held':
      onHeld(draft, event.taken);
      break;
    case 'attach-answered':
      attachAnswered(draft, event.instanceIds, event.result);
      publishOutbox(draft);
      break;
    case 'restart-answered':
      restartAnswered(draft, event.how, event.claims, event.result);
      haltWhenDue(draft);
      considerWave(draft);
      break;
    case 'looked':
      onLooked(draft, event);
      haltWhenDue(draft);
      considerWave(draft);
      break;
    case 'prepared':
      onPrepared(draft, event);
      break;
    case 'gate-told':
      draft.note(`gate after wave ${event.wave}`, 1, saidBy(event.gate));
      break;
    case 'not-prepared':
      onNotPrepared(draft);
      break;
    case 'command':
      onCommand(draft, event);
      break;
    case 'plan-changed':
      refuseApproval(draft, 'changed', event.by, event.detail);
      publishOutbox(draft);
      break;
    case 'published':
      onPublished(draft, event.indexes);
      break;
    case 'announced':
      onAnnounced(draft, event.notices);
      break;
    case 'released':
      onReleased(draft);
      break;
  }
  if (draft.rollout.phase === 'open') {
    // After an abort, a call that did nothing is not made again.
    if (draft.rollout.control.kind === 'aborted') {
      const told = draft.rollout.outbox.length;
      dropTheRest(draft, 'aborted');
      if (draft.rollout.outbox.length > told) publishOutbox(draft);
    }
    closeWhenOver(draft);
    scheduleWake(draft);
  }
  return { rollout: draft.result(), effects: draft.effects };
}

function takeInstances(draft: Draft): void {
  draft.own();
  const instanceIds = idsOf(draft, (one) => !isOver(one));
  if (instanceIds.length === 0) onHeld(draft, new Map());
  else draft.effects.push({ kind: 'hold', instanceIds });
}

function onHeld(draft: Draft, taken: ReadonlyMap<InstanceId, string>): void {
  if (draft.rollout.held) return;
  draft.set({ held: true });
  for (const [instanceId, holder] of taken) {
    const index = draft.indexOf(instanceId);
    if (index === undefined || isOver(draft.instances[index]!)) continue;
    leaveTo(draft, index, holder);
  }
  draft.note('skipped', taken.size, 'busy');
  // After an abort nothing more is attached. The timer looks up what became of these instances.
  const due =
    draft.rollout.control.kind === 'aborted'
      ? []
      : idsOf(draft, ({ attach }) => attach.kind === 'due');
  if (due.length > 0) draft.effects.push({ kind: 'attach', instanceIds: due });
  else publishOutbox(draft);
  // A published result would wake the rollout for its first wave. Without one, a message must.
  if (due.length === 0 && hasMoreToDo(draft)) wakeNow(draft);
}

/** Another rollout holds the instance. An outcome that was published stays. */
function leaveTo(draft: Draft, index: number, holder: string): void {
  const { attach, restart } = draft.instances[index]!;
  if (attach.kind === 'due' || attach.kind === 'waiting') {
    draft.skip(index, 'busy', holder);
  } else if (restart.kind === 'due') {
    draft.drop(index, restart, 'busy');
  }
}

/** The doors restart nothing. The rollout continues in the function `restart`. */
function wakeNow(draft: Draft): void {
  draft.effects.push({ kind: 'wake', atMs: draft.moment.nowMs });
}

function isApproved({ approval, phase }: Rollout): boolean {
  return phase === 'open' && (approval === null || approval.state === 'approved');
}

function onCommand(draft: Draft, event: RolloutEvent & { kind: 'command' }): void {
  const { command, by, openedAtMs } = event;
  const { phase, held } = draft.rollout;
  const was = draft.result();
  obey(draft, command, by);
  if (draft.result() === was) return;
  const isRetry = command.kind === 'resolve' && command.as === 'retry';
  if (isRetry && openedAtMs !== null) {
    // A finished instance may have been released, so it is held again. A finished rollout is opened again.
    draft.set({ phase: 'open', held: false });
    if (phase !== 'open') draft.set({ openedAtMs });
    takeInstances(draft);
    return;
  }
  if (command.kind === 'approve' && !held && isApproved(draft.rollout)) takeInstances(draft);
  else wakeNow(draft);
  if (draft.rollout.outbox.length > 0) publishOutbox(draft);
}

/** A message or the timer: does what is due, and what a dead owner left behind. */
function carryOn(draft: Draft): void {
  const { rollout, moment } = draft;
  const ownerIsDead = moment.nowMs >= rollout.ownerUntilMs;
  if (ownerIsDead && rollout.notices.length > 0) {
    draft.own();
    announceAll(draft);
  }
  switch (rollout.phase) {
    case 'done':
      return;
    case 'closing':
      if (!ownerIsDead) return;
      draft.own();
      draft.effects.push({ kind: 'release' });
      return;
    case 'open':
      if (rollout.approval?.state === 'waiting') {
        if (rollout.approval.untilMs > moment.nowMs) return;
        refuseApproval(draft, 'expired', '');
        publishOutbox(draft);
        return;
      }
      if (!rollout.held) {
        if (ownerIsDead) takeInstances(draft);
        return;
      }
      if (ownerIsDead && rollout.outbox.length > 0) {
        draft.own();
        publishOutbox(draft);
      }
      withholdWithoutWindow(draft);
      attachWhatIsDue(draft);
      lookAtWhatIsDue(draft);
      considerWave(draft);
  }
}

function attachWhatIsDue(draft: Draft): void {
  const { nowMs, ownerUntilMs } = draft.moment;
  const instanceIds: InstanceId[] = [];
  for (const [index, { instanceId, attach }] of draft.instances.entries()) {
    const mayBeDue =
      attach.kind === 'due' ||
      (attach.kind === 'waiting' &&
        (attach.reason === 'throttled' || attach.reason === 'unavailable'));
    if (!mayBeDue || attach.untilMs > nowMs) continue;
    if (draft.rollout.control.kind === 'aborted') {
      // The attach call may have been made: ECS is asked, and then it is settled.
      draft.setInstance(index, { attach: { kind: 'unknown', code: 'Aborted', untilMs: nowMs } });
      continue;
    }
    instanceIds.push(instanceId);
    draft.setInstance(index, { attach: { kind: 'due', untilMs: ownerUntilMs } });
  }
  if (instanceIds.length > 0) draft.effects.push({ kind: 'attach', instanceIds });
}

function lookAtWhatIsDue(draft: Draft): void {
  const { nowMs } = draft.moment;
  const instanceIds: InstanceId[] = [];
  let recall = false;
  for (const { instanceId, attach, restart } of draft.instances) {
    const claimIsOrphaned = restart.kind === 'claimed' && restart.untilMs <= nowMs;
    const attachIsOpen =
      (attach.kind === 'unknown' || (attach.kind === 'waiting' && attach.reason === 'pending')) &&
      attach.untilMs <= nowMs;
    const bootIsWatched = restart.kind === 'booting' && restart.readAtMs <= nowMs;
    if (!claimIsOrphaned && !attachIsOpen && !bootIsWatched) continue;
    instanceIds.push(instanceId);
    recall ||= claimIsOrphaned;
  }
  if (instanceIds.length > 0) draft.effects.push({ kind: 'look', instanceIds, recall });
}

function onLooked(draft: Draft, event: RolloutEvent & { kind: 'looked' }): void {
  const due: InstanceId[] = [];
  const before = draft.instances;
  for (const instanceId of event.instanceIds) {
    const index = draft.indexOf(instanceId);
    if (index === undefined) continue;
    const snapshot = event.snapshots.get(instanceId);
    draft.noteMissing(index, snapshot === undefined);
    if (attachLooked(draft, index, snapshot)) due.push(instanceId);
    else restartLooked(draft, index, snapshot, event.memories.get(instanceId), event.atMs);
  }
  if (due.length > 0) draft.effects.push({ kind: 'attach', instanceIds: due });
  publishOutbox(draft);
  noteLooks(draft, before);
}

function noteLooks(draft: Draft, before: readonly RolloutInstance[]): void {
  const now = new Map<string, number>();
  for (const [index, { restart }] of draft.instances.entries()) {
    const was = before[index]!.restart.kind;
    if (restart.kind === was || (was !== 'booting' && was !== 'claimed')) continue;
    const what = restart.kind === 'booting' ? 'restart observed' : restart.kind;
    const detail = restart.kind === 'failed' || restart.kind === 'unknown' ? restart.code : '';
    now.set(`${what}\n${detail}`, (now.get(`${what}\n${detail}`) ?? 0) + 1);
  }
  for (const [key, count] of now) {
    const [what, detail] = key.split('\n') as [string, string];
    draft.note(what, count, detail);
  }
}

function publishOutbox(draft: Draft): void {
  const { outbox } = draft.rollout;
  if (outbox.length > 0) draft.effects.push({ kind: 'publish', indexes: outbox });
}

function onPublished(draft: Draft, indexes: readonly number[]): void {
  const sent = new Set(indexes);
  const outbox = draft.rollout.outbox.filter((index) => !sent.has(index));
  if (outbox.length < draft.rollout.outbox.length) draft.set({ outbox });
  if (outbox.length > 0) draft.disown();
}

function closeWhenOver(draft: Draft): void {
  const { held, outbox } = draft.rollout;
  if (!held || outbox.length > 0 || !draft.instances.every(isOver)) return;
  draft.set({ phase: 'closing', wakeAtMs: null });
  draft.own();
  tellChannels(draft, 'ended');
  const { wave } = draft.rollout;
  const instanceIds = idsOf(draft, (one) => one.wave === wave);
  if (wave > 0) draft.effects.push({ kind: 'ask-after', wave, instanceIds });
  draft.effects.push({ kind: 'release' });
}

function saidBy({ answer, reason }: GateAnswer): string {
  return reason === '' ? answer : `${answer}: ${reason}`;
}

function onReleased(draft: Draft): void {
  const { phase, notices } = draft.rollout;
  // Unsent notices keep it open. The timer sends them, and then repeats the release, which is safe.
  if (phase !== 'closing' || notices.length > 0) return;
  draft.set({ phase: 'done' });
  draft.note('done', draft.instances.length);
  draft.effects.push({ kind: 'close' });
}

/** Sends one wake message for the next thing that falls due. Only one is under way at a time. */
function scheduleWake(draft: Draft): void {
  const { wakeAtMs, held, approval, waitingUntilMs } = draft.rollout;
  if (!held && approval?.state !== 'waiting') return;
  const { nowMs } = draft.moment;
  let dueAtMs = Number.POSITIVE_INFINITY;
  // What is due already is an effect of this step, or it was lost and the timer finds it.
  const consider = (atMs: number) => {
    if (atMs > nowMs) dueAtMs = Math.min(dueAtMs, atMs);
  };
  if (waitingUntilMs !== null) consider(waitingUntilMs);
  for (const { attach, restart } of draft.instances) {
    if (attach.kind === 'waiting' || attach.kind === 'unknown') consider(attach.untilMs);
    if (restart.kind === 'due') consider(restart.notBeforeMs);
    if (restart.kind === 'claimed') consider(restart.untilMs);
    if (restart.kind === 'booting') consider(restart.readAtMs);
  }
  if (dueAtMs === Number.POSITIVE_INFINITY) return;
  const isUnderWay = wakeAtMs !== null && wakeAtMs > nowMs && wakeAtMs <= dueAtMs;
  if (isUnderWay) return;
  draft.set({ wakeAtMs: dueAtMs });
  draft.effects.push({ kind: 'wake', atMs: dueAtMs });
}

function idsOf(draft: Draft, matches: (instance: RolloutInstance) => boolean): InstanceId[] {
  return draft.instances.filter(matches).map(({ instanceId }) => instanceId);
}
