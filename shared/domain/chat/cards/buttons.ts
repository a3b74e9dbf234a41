import type { CardButton } from '../../model/card.ts';
import type { ButtonAction } from '../../model/chat.ts';
import { refusalOf } from '../../workflow/control.ts';
import { statusOf } from '../../model/outcome.ts';
import type { Rollout } from '../../model/rollout.ts';
import { subjectOf } from './who.ts';
import { counted } from './words.ts';

/** Makes a button's signed envelope; undefined: the card has no buttons. */
export type TokenOf = (action: ButtonAction) => string;

/** The buttons that make sense now. Whether whoever presses may is judged when they do. */
export function buttonsOf(
  rollout: Rollout,
  tokenOf: TokenOf | undefined,
  canApproveHere: boolean,
): CardButton[] {
  if (tokenOf === undefined) return [];
  return actionsOf(rollout)
    .filter((action) => action !== 'approve' || canApproveHere)
    .map((action) => ({ action, token: tokenOf(action), ...looksOf(action, rollout) }));
}

function actionsOf(rollout: Rollout): ButtonAction[] {
  switch (statusOf(rollout)) {
    case 'waiting':
      return ['approve', 'deny'];
    case 'attaching':
    case 'restarting':
    case 'stopped':
    case 'paused':
    case 'halted':
      return (['pause', 'resume', 'abort'] as const).filter((kind) => makesSense(rollout, kind));
    case 'done':
      return hasChanged(rollout) ? ['undo'] : [];
    case 'aborting':
    case 'finishing':
      return [];
  }
}

function makesSense(rollout: Rollout, kind: 'pause' | 'resume' | 'abort'): boolean {
  const isGoing = rollout.control.kind === 'going';
  return (
    refusalOf(rollout, { kind }) === undefined &&
    (kind === 'abort' || isGoing === (kind === 'pause'))
  );
}

/** Whether there is anything to take back. */
export function hasChanged({ instances }: Pick<Rollout, 'instances'>): boolean {
  return instances.some(({ attach }) => attach.kind === 'attached');
}

function looksOf(
  action: ButtonAction,
  { request, instances, rolloutId }: Rollout,
): Omit<CardButton, 'action' | 'token'> {
  const subject = subjectOf(request, instances.length);
  switch (action) {
    case 'approve':
      return { label: 'Approve', style: 'primary', confirm: `Approve ${subject}?` };
    case 'deny':
      return { label: 'Deny', style: 'danger', confirm: '' };
    case 'pause':
      return { label: 'Pause', style: 'plain', confirm: '' };
    case 'resume':
      return { label: 'Resume', style: 'primary', confirm: `Go on with ${subject}?` };
    case 'abort':
      return {
        label: 'Abort',
        style: 'danger',
        confirm: 'Begin nothing else, for good? What is bound stays bound.',
      };
    case 'undo': {
      const count = instances.filter(({ attach }) => attach.kind === 'attached').length;
      const where = counted(count, 'instance');
      return {
        label: 'Undo',
        style: 'danger',
        confirm: `Ask for a new rollout that takes ${rolloutId} back on ${where}?`,
      };
    }
  }
}
