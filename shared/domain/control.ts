import type { Draft } from './draft.ts';
import type { InstanceId } from './instance.ts';
import { isAttachOver } from './outcome.ts';
import { revocationOf } from './permission.ts';
import { firstAttach } from './plan.ts';
import type { RevokedKeyPair } from './policy.ts';
import { type Rollout, wantedKeyPair } from './rollout.ts';
import { isDownSinceUs } from './waves.ts';

/** What a person, or a client for a person, can do to a rollout. */
export type Command =
  | { readonly kind: 'pause' }
  /** Goes on after a pause or a halt, with a fresh budget of failures. */
  | { readonly kind: 'resume' }
  /** What runs finishes; nothing else is begun. */
  | { readonly kind: 'abort' }
  /** Bound to the plan: another digest approves nothing. */
  | { readonly kind: 'approve'; readonly planDigest: string }
  | { readonly kind: 'deny' }
  /**
   * Settles restarts that failed or that nobody knows of. `retry` is the only thing that permits
   * another restart of an instance.
   */
  | {
      readonly kind: 'resolve';
      readonly as: 'retry' | 'skip';
      readonly instanceIds: readonly InstanceId[];
    };

/**
 * Why a command cannot be carried out now; undefined when it can. One that has been carried out
 * already can: it does nothing.
 */
export function refusalOf(rollout: Rollout, command: Command): string | undefined {
  const { control, approval, phase } = rollout;
  switch (command.kind) {
    case 'pause':
      if (phase !== 'open') return 'it is over';
      return control.kind === 'going' || control.kind === 'paused'
        ? undefined
        : `it is ${control.kind}`;
    case 'resume':
      if (phase !== 'open') return 'it is over';
      return control.kind === 'aborted' ? 'it is aborted' : undefined;
    case 'abort':
      return phase === 'open' || control.kind === 'aborted' ? undefined : 'it is over';
    case 'approve':
      if (approval === null) return 'it needs no approval';
      if (command.planDigest !== rollout.planDigest) return `its plan is ${rollout.planDigest}`;
      return approval.state === 'waiting' || approval.state === 'approved'
        ? undefined
        : decided(rollout);
    case 'deny':
      if (approval === null) return 'it needs no approval';
      return approval.state === 'waiting' || approval.state === 'denied'
        ? undefined
        : decided(rollout);
    case 'resolve': {
      if (control.kind === 'aborted' && command.as === 'retry') return 'it is aborted';
      // Its instances are being given back: what is taken now would be given back with them.
      if (phase === 'closing') return 'it is finishing, ask again in a moment';
      const byId = new Map(rollout.instances.map((one) => [one.instanceId, one]));
      for (const instanceId of command.instanceIds) {
        const restart = byId.get(instanceId)?.restart;
        if (restart === undefined) return `"${instanceId}" is not in it`;
        if (restart.kind !== 'failed' && restart.kind !== 'unknown') {
          return `the restart of "${instanceId}" is ${restart.kind}, neither failed nor unknown`;
        }
      }
      return undefined;
    }
  }
}

function decided({ approval }: Rollout): string {
  const by = approval?.by === '' ? '' : ` by ${approval?.by}`;
  return `it was ${approval?.state}${by}`;
}

/** What a command makes of the draft. The caller looks afterwards what is to be done now. */
export function obey(draft: Draft, command: Command, by: string): void {
  const { rollout, moment } = draft;
  if (refusalOf(rollout, command) !== undefined) return;
  switch (command.kind) {
    case 'pause':
      if (rollout.control.kind !== 'going') return;
      draft.set({
        control: { kind: 'paused', cause: 'paused', by, atMs: moment.nowMs },
        waitingFor: 'paused',
        waitingUntilMs: null,
      });
      draft.note('paused', 0, '', '', by);
      return;
    case 'resume':
      if (rollout.control.kind === 'going') return;
      draft.set({
        control: { kind: 'going' },
        forgiven: failuresOf(rollout),
        ...(rollout.approval?.state === 'waiting'
          ? { waitingFor: 'approval', waitingUntilMs: rollout.approval.untilMs }
          : { waitingFor: '', waitingUntilMs: null }),
      });
      draft.note('resumed', 0, '', '', by);
      return;
    case 'abort':
      if (rollout.control.kind === 'aborted') return;
      abort(draft, 'aborted', by);
      draft.note('aborted', 0, '', '', by);
      return;
    case 'approve':
      if (rollout.approval?.state !== 'waiting') return;
      // The timer may not have come by yet.
      if (rollout.approval.untilMs <= moment.nowMs) return refuseApproval(draft, 'expired', '');
      draft.set({
        approval: { ...rollout.approval, state: 'approved', by },
        waitingFor: '',
        waitingUntilMs: null,
      });
      for (const [index, { attach, restart }] of draft.instances.entries()) {
        if (attach.kind !== 'waiting' || attach.reason !== 'approval') continue;
        const next = firstAttach(rollout.request, restart, moment.ownerUntilMs);
        draft.setInstance(index, { attach: next });
      }
      draft.note('approved', 0, rollout.planDigest, '', by);
      return;
    case 'deny':
      refuseApproval(draft, 'denied', by);
      return;
    case 'resolve':
      resolve(draft, command, by);
      return;
  }
}

function abort(draft: Draft, cause: string, by: string): void {
  const { approval } = draft.rollout;
  draft.set({
    control: { kind: 'aborted', cause, by, atMs: draft.moment.nowMs },
    waitingFor: '',
    waitingUntilMs: null,
  });
  // Nothing was taken while it waited, so nothing has to be taken for it to end.
  if (approval?.state === 'waiting') {
    draft.set({ approval: { ...approval, state: 'denied', by }, held: true });
  }
  dropTheRest(draft, 'aborted');
}

/**
 * Aborts what was still to bind a key pair that the policy has revoked since, or to make it work by a
 * restart. Asked at each step, before anything else; once aborted it says nothing more.
 *
 * Promises nothing about calls that are under way, nor about restarts that were claimed before.
 *
 * @returns whether it did
 */
export function abortWhenRevoked(draft: Draft): boolean {
  const { phase, control } = draft.rollout;
  if (phase !== 'open' || control.kind === 'aborted') return false;
  const found = revokedIn(draft);
  if (found === undefined) return false;
  const cause = `key pair ${found.name} is revoked: ${found.reason}`;
  abort(draft, cause, '');
  draft.note('aborted', draft.instances.length, cause);
  return true;
}

function revokedIn({ rollout, instances, moment }: Draft): RevokedKeyPair | undefined {
  if (moment.revoked.length === 0) return undefined;
  for (const one of instances) {
    if (isAttachOver(one) && one.restart.kind !== 'due') continue;
    const wanted = wantedKeyPair(rollout, one);
    const revoked = wanted === null ? undefined : revocationOf(moment.revoked, wanted);
    if (revoked !== undefined) return revoked;
  }
  return undefined;
}

/** Nobody approved in time, which is as good as a no, or somebody said no. */
export function refuseApproval(draft: Draft, state: 'denied' | 'expired', by: string): void {
  const { approval } = draft.rollout;
  if (approval?.state !== 'waiting') return;
  draft.set({
    approval: { ...approval, state, by },
    waitingFor: '',
    waitingUntilMs: null,
    // Nothing was taken, so nothing has to be taken for it to end.
    held: true,
  });
  dropTheRest(draft, 'denied');
  draft.note(state, draft.instances.length, '', '', by);
}

/** What was not begun is not begun any more; what nobody answered is looked up and settled. */
export function dropTheRest(draft: Draft, reason: 'denied' | 'aborted'): void {
  for (const [index, { attach, restart }] of draft.instances.entries()) {
    if (attach.kind === 'waiting') {
      draft.settle(index, { kind: 'skipped', reason, detail: '', effective: null });
    } else if (restart.kind === 'due') {
      const { how, attempt } = restart;
      draft.setInstance(index, {
        restart: { kind: 'dropped', how, attempt, why: 'aborted', isDown: false },
      });
    }
  }
}

function resolve(draft: Draft, command: Command & { kind: 'resolve' }, by: string): void {
  const what = `resolved: ${command.as}`;
  // Delivered twice, it permits one more restart, not two.
  if (draft.rollout.history.some((entry) => entry.by === by && entry.what === what)) return;
  for (const instanceId of command.instanceIds) {
    const index = draft.indexOf(instanceId)!;
    const { restart } = draft.instances[index]!;
    if (restart.kind !== 'failed' && restart.kind !== 'unknown') continue;
    const { how, attempt } = restart;
    const notBeforeMs = draft.moment.nowMs;
    draft.setInstance(index, {
      restart:
        command.as === 'retry'
          ? {
              kind: 'due',
              how,
              attempt,
              notBeforeMs,
              isDown: isDownSinceUs(restart),
              reason: 'retry',
            }
          : { kind: 'dropped', how, attempt, why: 'skipped', isDown: isDownSinceUs(restart) },
    });
  }
  const forgiven = Math.min(draft.rollout.forgiven, failuresOf(draft));
  draft.set({ forgiven });
  draft.note(what, command.instanceIds.length, '', '', by);
}

/**
 * Restarts that failed or that nobody knows of. One that could not be started was down before, and
 * does not count.
 */
export function failuresOf({ instances }: Pick<Rollout, 'instances'>): number {
  return instances.filter(
    ({ restart }) =>
      restart.kind === 'unknown' || (restart.kind === 'failed' && restart.how === 'reboot'),
  ).length;
}

/** Bound, but restarted by nobody: what an abort or a halt leaves behind. */
export function isBoundOnly({ attach, restart }: Rollout['instances'][number]): boolean {
  const isBound =
    attach.kind === 'attached' || (attach.kind === 'skipped' && attach.effective === 'no');
  return isBound && (restart.kind === 'due' || restart.kind === 'dropped');
}

/** Whether anything is still to be attached or restarted that nobody has begun. */
export function hasMoreToDo({ instances }: Pick<Rollout, 'instances'>): boolean {
  return instances.some((one) => !isAttachOver(one) || one.restart.kind === 'due');
}
