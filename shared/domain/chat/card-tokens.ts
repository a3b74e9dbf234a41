import type { ButtonAction, ChatPlace } from '../model/chat.ts';
import type { Rollout } from '../model/rollout.ts';

/** What a button's signature covers. */
export interface ButtonTerms {
  readonly rolloutId: string;
  readonly action: ButtonAction;
  readonly planDigest: string;
  readonly place: ChatPlace;
  /** Until when it can be pressed; milliseconds since the epoch. */
  readonly expMs: number;
  /** Grows with each command of a person, so that a second pause has another button than the first. */
  readonly round: number;
}

/** Makes a button's envelope. The same terms give the same one. */
export type SignButton = (terms: ButtonTerms) => string;

/** A button can be pressed for half of this at least, and for all of it at most: our own choice. */
const LIFE_MS = 24 * 3_600_000;
const HALF_MS = LIFE_MS / 2;

/** The terms of a button that is shown now. They stay the same for half of its life. */
export function buttonTerms(
  rollout: Rollout,
  action: ButtonAction,
  place: ChatPlace,
  nowMs: number,
): ButtonTerms {
  const { rolloutId, planDigest, approval } = rollout;
  const isDecision = action === 'approve' || action === 'deny';
  const endsMs = (halfOf(nowMs) + 2) * HALF_MS;
  const expMs = isDecision && approval !== null ? approval.untilMs : endsMs;
  return { rolloutId, action, planDigest, place, expMs, round: roundOf(rollout) };
}

/** Whether buttons that were shown then must be renewed because they expire soon. */
export function areButtonsOld(shownAtMs: number, nowMs: number): boolean {
  return halfOf(shownAtMs) !== halfOf(nowMs);
}

function halfOf(atMs: number): number {
  return Math.floor(atMs / HALF_MS);
}

/** Changes with each command of a person, so that a button works once for each command. */
export function roundOf({ history }: Pick<Rollout, 'history'>): number {
  return history.findLast(({ by }) => by !== '')?.seq ?? 0;
}
