import { isReleased } from './attaching.ts';
import { failuresOf, hasMoreToDo } from './control.ts';
import type { Draft } from './draft.ts';
import type { Claim, RolloutEvent } from '../model/events.ts';
import type { InstanceId } from '../model/instance.ts';
import { tellChannels } from './notices.ts';
import { claim, failed, released } from './restarting.ts';
import type { Restart, RolloutInstance, WaitingFor } from '../model/rollout.ts';
import { chooseWave, isDownSinceUs, type WaveChoice } from './waves.ts';

/** When a wave that waits by itself is considered again: our own choice. */
const LOOK_AGAIN_MS = 30_000;

/**
 * Begins the next wave if nothing blocks it: asks for what must be known right before the wave. The answer
 * comes back as `prepared`.
 */
export function considerWave(draft: Draft): void {
  if (draft.rollout.phase !== 'open' || !draft.rollout.held) return;
  if (!hasMoreToDo(draft)) return waitFor(draft, '', null);
  const blocker = blockerOf(draft);
  if (blocker !== undefined) return waitFor(draft, blocker.why, blocker.untilMs);
  const choice = choose(draft, undefined);
  if (choice.kind === 'wave') {
    // `waitingFor` stays as it is until the answer comes.
    draft.effects.push(prepareFor(draft, choice));
    return;
  }
  // The budget frees up when a read shows which instances are Running again.
  if (choice.kind === 'wait' && choice.why === 'budget' && isTimeToLook(draft)) {
    const none = { kind: 'wave', wave: draft.rollout.wave, indexes: [] } as const;
    draft.effects.push(prepareFor(draft, none));
  }
  waitForChoice(draft, choice);
}

/** What blocks every wave. */
function blockerOf({
  rollout,
  moment,
}: Draft): { readonly why: WaitingFor; readonly untilMs: number | null } | undefined {
  const { control, approval } = rollout;
  if (approval?.state === 'waiting') return { why: 'approval', untilMs: approval.untilMs };
  switch (control.kind) {
    case 'paused':
    case 'halted':
      return { why: control.kind, untilMs: null };
    case 'aborted':
      return { why: '', untilMs: null };
    case 'going':
      if (rollout.request.breakGlass !== null || moment.schedule.kind === 'open') return undefined;
      return { why: moment.schedule.why, untilMs: moment.schedule.untilMs };
  }
}

function choose(draft: Draft, groups: Parameters<typeof chooseWave>[1]): WaveChoice {
  const { rollout, instances, moment } = draft;
  const { request, wave } = rollout;
  const windowIsOpen = moment.hasWindow && moment.schedule.kind === 'open';
  return chooseWave({ instances, request, wave, windowIsOpen }, groups, moment.nowMs);
}

function waitFor(draft: Draft, waitingFor: WaitingFor, waitingUntilMs: number | null): void {
  const { waitingFor: was, waitingUntilMs: wasUntilMs } = draft.rollout;
  if (was !== waitingFor || wasUntilMs !== waitingUntilMs)
    draft.set({ waitingFor, waitingUntilMs });
}

function waitForChoice(draft: Draft, choice: Exclude<WaveChoice, { kind: 'wave' }>): void {
  if (choice.kind !== 'wait') return waitFor(draft, '', null);
  if (choice.why === 'bake') return waitFor(draft, 'bake', choice.untilMs);
  const { schedule } = draft.moment;
  if (choice.why === 'window' && schedule.kind === 'closed') {
    return waitFor(draft, schedule.why, schedule.untilMs);
  }
  // The reason is the same, so the next check stays where it was.
  const { waitingFor, waitingUntilMs } = draft.rollout;
  const { nowMs } = draft.moment;
  if (waitingFor === choice.why && waitingUntilMs !== null && waitingUntilMs > nowMs) return;
  waitFor(draft, choice.why, nowMs + LOOK_AGAIN_MS);
}

function isTimeToLook({ rollout, moment }: Draft): boolean {
  const { waitingFor, waitingUntilMs } = rollout;
  return waitingFor !== 'budget' || waitingUntilMs === null || waitingUntilMs <= moment.nowMs;
}

function prepareFor(draft: Draft, { wave, indexes }: WaveChoice & { kind: 'wave' }) {
  const { rollout, instances } = draft;
  const { groupBy, bakeSeconds } = rollout.request;
  const idsOf = (matches: (one: RolloutInstance) => boolean) =>
    instances.filter(matches).map(({ instanceId }) => instanceId);
  const isOfWaveBefore = (one: RolloutInstance) => one.wave > 0 && one.wave === wave - 1;
  return {
    kind: 'prepare',
    wave,
    memberIds: indexes.map((index) => instances[index]!.instanceId),
    beforeIds: idsOf(isOfWaveBefore),
    lookIds: idsOf(
      (one) =>
        isDownSinceUs(one.restart) ||
        (bakeSeconds > 0 && isOfWaveBefore(one) && one.restart.kind === 'ready'),
    ),
    groupBy,
    groupValues:
      groupBy === null
        ? []
        : [...new Set(instances.map(({ group }) => group))].filter((group) => group !== ''),
  } as const;
}

/**
 * Withholds the restart of instances tagged `window` when the policy no longer has a window: they would wait
 * for ever. They are bound all the same, as in a plan made today.
 */
export function withholdWithoutWindow(draft: Draft): void {
  const { hasWindow, nowMs } = draft.moment;
  if (hasWindow || draft.rollout.control.kind !== 'going') return;
  let withheld = 0;
  for (const [index, { optOut, attach, restart }] of draft.instances.entries()) {
    if (optOut !== 'window' || restart.kind !== 'due') continue;
    const { how, attempt, isDown } = restart;
    withheld += 1;
    draft.setInstance(index, {
      withheld: 'opted-out',
      restart:
        attempt === 0
          ? { kind: 'none' }
          : { kind: 'dropped', how, attempt, why: 'skipped', isDown },
      ...(attach.kind === 'waiting' && attach.reason === 'wave'
        ? { attach: { kind: 'due', untilMs: nowMs } as const }
        : {}),
    });
  }
  draft.note('not restarted', withheld, 'the policy no longer has a window');
}

/** Everything is known: claims the wave, waits, or halts. */
export function onPrepared(draft: Draft, event: RolloutEvent & { kind: 'prepared' }): void {
  if (draft.rollout.phase !== 'open') return;
  lookAtTheOthers(draft, event);
  haltWhenDue(draft);
  const blocker = blockerOf(draft);
  if (blocker !== undefined || draft.rollout.control.kind === 'aborted') {
    return waitFor(draft, blocker?.why ?? '', blocker?.untilMs ?? null);
  }
  if (event.stop !== null) return waitFor(draft, 'stopped', null);
  // Only states were read. The next wave asks its own questions.
  if (event.gate === null) return considerWave(draft);
  if (event.gate.answer === 'halt') return halt(draft, `health gate: ${event.gate.reason}`);
  if (event.gate.answer === 'wait') {
    return waitFor(draft, 'gate', draft.moment.nowMs + LOOK_AGAIN_MS);
  }
  const choice = choose(draft, event.groups);
  if (choice.kind !== 'wave') return waitForChoice(draft, choice);
  waitFor(draft, '', null);
  startWave(draft, choice);
}

/** Nothing is restarted while a part of what must be known is missing. */
export function onNotPrepared(draft: Draft): void {
  if (draft.rollout.phase !== 'open' || blockerOf(draft) !== undefined) return;
  waitFor(draft, 'unavailable', draft.moment.nowMs + LOOK_AGAIN_MS);
}

/** Finds instances that are Running again after a failed restart, and instances of the last wave that went down. */
function lookAtTheOthers(draft: Draft, event: RolloutEvent & { kind: 'prepared' }): void {
  let gone = 0;
  for (const instanceId of event.instanceIds) {
    const index = draft.indexOf(instanceId);
    if (index === undefined) continue;
    const status = event.snapshots.get(instanceId)?.status;
    draft.noteMissing(index, status === undefined);
    const { restart } = draft.instances[index]!;
    const isGone = isReleased(draft.instances[index]!, draft.moment.nowMs);
    if ((restart.kind === 'dropped' || restart.kind === 'due') && restart.isDown) {
      if (status === 'Running' || isGone) {
        draft.setInstance(index, { restart: { ...restart, isDown: false } });
      }
    }
    if (restart.kind === 'failed' || restart.kind === 'unknown') {
      if (status === 'Running') {
        draft.setInstance(index, { restart: { ...restart, runningAtMs: event.atMs } });
      } else if (isGone) {
        draft.setInstance(index, { restart: released(restart, '') });
      }
    }
    // An instance that is missing from one answer is not known to be down.
    if (restart.kind !== 'ready' || status === undefined || status === 'Running') continue;
    if (event.atMs <= restart.atMs) continue;
    const message = `${status} after it was ready`;
    const next = failed(restart, 'NotStayedReady', message, restart.requestId);
    draft.setInstance(index, { restart: next });
    gone += 1;
  }
  draft.note('failed', gone, 'NotStayedReady');
}

function startWave(draft: Draft, { wave, indexes }: WaveChoice & { kind: 'wave' }): void {
  const claims: Record<Restart, Claim[]> = { reboot: [], start: [] };
  const toAttach: InstanceId[] = [];
  for (const index of indexes) {
    const { attach, instanceId, wave: had } = draft.instances[index]!;
    const number = had > 0 ? had : wave;
    if (attach.kind === 'waiting') {
      const untilMs = draft.moment.ownerUntilMs;
      draft.setInstance(index, { wave: number, attach: { kind: 'due', untilMs } });
      toAttach.push(instanceId);
      continue;
    }
    const { how, attempt } = claim(draft, index, number);
    claims[how].push({ instanceId, attempt });
  }
  if (wave > draft.rollout.wave) {
    draft.set({ wave });
    draft.note('wave started', indexes.length, `wave ${wave}`);
  }
  for (const how of ['reboot', 'start'] as const) {
    if (claims[how].length > 0) draft.effects.push({ kind: 'restart', how, claims: claims[how] });
  }
  if (toAttach.length > 0) draft.effects.push({ kind: 'attach', instanceIds: toAttach });
}

/** Halts after too many failures, or when the canary failed. */
export function haltWhenDue(draft: Draft): void {
  const { control, request, forgiven, phase } = draft.rollout;
  if (phase !== 'open' || control.kind !== 'going' || !hasMoreToDo(draft)) return;
  const failures = failuresOf(draft) - forgiven;
  if (failures <= 0) return;
  const canary = draft.instances.find(
    ({ wave, restart }) => wave === 1 && (restart.kind === 'failed' || restart.kind === 'unknown'),
  );
  if (request.ramp !== 'none' && forgiven === 0 && canary !== undefined) {
    return halt(draft, `the canary ${canary.instanceId} failed`);
  }
  if (failures < request.haltAfterFailures) return;
  halt(draft, `${failures} failed or unknown restarts`);
}

function halt(draft: Draft, cause: string): void {
  if (draft.rollout.control.kind !== 'going') return;
  const control = { kind: 'halted', cause, by: '', atMs: draft.moment.nowMs } as const;
  draft.set({ control, waitingFor: 'halted', waitingUntilMs: null });
  draft.note('halted', draft.instances.length, cause);
  tellChannels(draft, 'halted');
}
