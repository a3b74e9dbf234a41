import type { Card } from '../../model/card.ts';
import { statusOf } from '../../model/outcome.ts';
import type { Rollout } from '../../model/rollout.ts';
import { approvalCard } from './approval-card.ts';
import { buttonsOf, type TokenOf } from './buttons.ts';
import { doneRolloutCard } from './done-rollout-card.ts';
import { progressCard } from './progress-card.ts';
import type { Shown, SignedText } from './shown.ts';

export interface CardOptions {
  readonly signedText: SignedText;
  /** Without it the card has no buttons. */
  readonly tokenOf?: TokenOf;
  /** false: an approval that is pressed here counts for nothing. High risk counts in no chat. */
  readonly canApproveHere?: boolean;
  /** Whether an undo may leave an instance without a key pair: the policy's `allowDetach`. */
  readonly allowDetach?: boolean;
}

/**
 * A rollout as it is now: what there is to decide, how far it is, or what became of it. It says the same
 * until something changes, but for the time that is left.
 */
export function rolloutCard(rollout: Rollout, nowMs: number, options: CardOptions): Card {
  const { signedText, tokenOf, canApproveHere = true, allowDetach = false } = options;
  const canApprove = canApproveHere && rollout.approval?.isHighRisk !== true;
  const shown = (): Shown => {
    const status = statusOf(rollout);
    if (status === 'done') return doneRolloutCard(rollout);
    if (status !== 'waiting') return progressCard(rollout, nowMs, signedText);
    return approvalCard(rollout, { canApprove, allowDetach, signedText });
  };
  return { ...shown(), buttons: buttonsOf(rollout, tokenOf, canApprove), mention: null };
}
