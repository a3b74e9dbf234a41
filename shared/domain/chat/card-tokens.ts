import type { ButtonAction, ChatPlace } from '../model/chat.ts';
import type { Rollout } from '../model/rollout.ts';

/** What is signed into a button. */
export interface ButtonTerms {
  readonly rolloutId: string;
  readonly action: ButtonAction;
  readonly planDigest: string;
  readonly place: ChatPlace;
  /** Until when it can be pressed; milliseconds since the epoch. */
  readonly expMs: number;
  /** Counts what people did to the rollout: what was paused again has another button than before. */
  readonly round: number;
}

/** Makes a button's envelope. The same terms give the same one. */
export type SignButton = (terms: ButtonTerms) => string;

/** How long a button can be pressed, from half of it on, up to the whole: our own choice. */
const LIFE_MS = 24 * 3_600_000;
const HALF_MS = LIFE_MS / 2;

/** The terms of a button as it is shown now: the same ones until they are half over. */
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

/** Whether buttons that were shown then have to be shown anew, because they end soon. */
export function areButtonsOld(shownAtMs: number, nowMs: number): boolean {
  return halfOf(shownAtMs) !== halfOf(nowMs);
}

function halfOf(atMs: number): number {
  return Math.floor(atMs / HALF_MS);
}

/** Another one after each command of a person: a button works once for each of them. */
export function roundOf({ history }: Pick<Rollout, 'history'>): number {
  return history.findLast(({ by }) => by !== '')?.seq ?? 0;
}
