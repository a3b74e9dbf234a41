import type { Command, Wish } from '../model/command.ts';
import { decisionOf, giveApproval, isApprovedBy, refuseApproval } from './approval.ts';
import { type Draft, dropTheRest } from './draft.ts';
import { isAttachOver } from '../model/outcome.ts';
import { revocationOf } from '../policy/permission.ts';
import type { RevokedKeyPair } from '../model/policy.ts';
import { type Rollout, targetKeyPair } from '../model/rollout.ts';
import { isDownSinceUs } from './waves.ts';

/**
 * Why a command cannot be carried out now; undefined when it can. A command that was carried out before can:
 * it does nothing. Whether the approver may approve is checked elsewhere (`whyNotBy`).
 */
export function refusalOf(rollout: Rollout, command: Wish): string | undefined {
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
      return approval.state === 'waiting' || isApprovedBy(approval, command.approver)
        ? undefined
        : decisionOf(approval);
    case 'deny':
      if (approval === null) return 'it needs no approval';
      return approval.state === 'waiting' || approval.state === 'denied'
        ? undefined
        : decisionOf(approval);
    case 'resolve': {
      if (control.kind === 'aborted' && command.as === 'retry') return 'it is aborted';
      // Its instances are being released. An instance that were held now would be released with them.
      if (phase === 'closing') return 'it is finishing, try again in a moment';
      const restarts = new Map(rollout.instances.map((one) => [one.instanceId, one.restart]));
      for (const instanceId of command.instanceIds) {
        const restart = restarts.get(instanceId);
        if (restart === undefined) return `"${instanceId}" is not one of its instances`;
        if (restart.kind !== 'failed' && restart.kind !== 'unknown') {
          return `the restart of "${instanceId}" is ${restart.kind}, neither failed nor unknown`;
        }
      }
      return undefined;
    }
  }
}

/** Applies a command to the draft. The caller decides afterwards what is due. */
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
      return giveApproval(draft, command, by);
    case 'deny':
      return refuseApproval(draft, 'denied', by);
    case 'resolve':
      return resolve(draft, command, by);
  }
}

function abort(draft: Draft, cause: string, by: string): void {
  const { approval } = draft.rollout;
  draft.set({
    control: { kind: 'aborted', cause, by, atMs: draft.moment.nowMs },
    waitingFor: '',
    waitingUntilMs: null,
  });
  // No instance is held while it waits, so none has to be held for it to end.
  if (approval?.state === 'waiting') {
    draft.set({ approval: { ...approval, state: 'denied', by }, held: true });
  }
  dropTheRest(draft, 'aborted');
}

/**
 * Aborts a rollout that would still bind a key pair that the policy revokes by now, or restart for it.
 * Checked first in each step.
 *
 * Does not take back calls that were made, nor restarts that were claimed.
 *
 * @returns whether it aborted
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
    const wanted = targetKeyPair(rollout, one);
    const revoked = wanted === null ? undefined : revocationOf(moment.revoked, wanted);
    if (revoked !== undefined) return revoked;
  }
  return undefined;
}

function resolve(draft: Draft, command: Command & { kind: 'resolve' }, by: string): void {
  const what = `resolved: ${command.as}`;
  // A command that is delivered twice permits one more restart, not two.
  if (draft.rollout.history.some((entry) => entry.by === by && entry.what === what)) return;
  for (const instanceId of command.instanceIds) {
    const index = draft.indexOf(instanceId)!;
    const { restart } = draft.instances[index]!;
    if (restart.kind !== 'failed' && restart.kind !== 'unknown') continue;
    const isDown = isDownSinceUs(restart);
    if (command.as === 'skip') {
      draft.drop(index, restart, 'skipped', isDown);
      continue;
    }
    const { how, attempt } = restart;
    const again = { how, attempt, notBeforeMs: draft.moment.nowMs, isDown, reason: 'retry' };
    draft.setInstance(index, { restart: { kind: 'due', ...again } });
  }
  const forgiven = Math.min(draft.rollout.forgiven, failuresOf(draft));
  draft.set({ forgiven });
  draft.note(what, command.instanceIds.length, '', '', by);
}

/**
 * The restarts that are `failed` or `unknown`. An instance that could not be started was down before and
 * does not count.
 */
export function failuresOf({ instances }: Pick<Rollout, 'instances'>): number {
  return instances.filter(
    ({ restart }) =>
      restart.kind === 'unknown' || (restart.kind === 'failed' && restart.how === 'reboot'),
  ).length;
}

/** Bound but not restarted: what an abort or a halt leaves behind. */
export function isBoundOnly({ attach, restart }: Rollout['instances'][number]): boolean {
  const isBound =
    attach.kind === 'attached' || (attach.kind === 'skipped' && attach.effective === 'no');
  return isBound && (restart.kind === 'due' || restart.kind === 'dropped');
}

/** Whether an attach or a restart is still to be begun. */
export function hasMoreToDo({ instances }: Pick<Rollout, 'instances'>): boolean {
  return instances.some((one) => !isAttachOver(one) || one.restart.kind === 'due');
}
