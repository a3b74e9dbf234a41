import type { CardButton } from '../../model/card.ts';
import type { ButtonAction } from '../../model/chat.ts';
import { refusalOf } from '../../workflow/control.ts';
import { statusOf } from '../../model/outcome.ts';
import type { Rollout } from '../../model/rollout.ts';
import { subjectOf } from './who.ts';
import { counted } from './words.ts';

/** Makes a button's signed envelope; undefined: the card has no buttons. */
export type TokenOf = (action: ButtonAction) => string;

/** The buttons that are useful now. Whether a person may press one is checked at the press. */
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

/** Whether an undo would change anything. */
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
      return { label: 'Resume', style: 'primary', confirm: `Resume ${subject}?` };
    case 'abort':
      return {
        label: 'Abort',
        style: 'danger',
        confirm: 'Abort for good? Nothing more is begun. Key pairs that are bound stay bound.',
      };
    case 'undo': {
      const count = instances.filter(({ attach }) => attach.kind === 'attached').length;
      const where = counted(count, 'instance');
      return {
        label: 'Undo',
        style: 'danger',
        confirm: `Request a new rollout that undoes ${rolloutId} on ${where}?`,
      };
    }
  }
}
