import { areButtonsOld } from './card-tokens.ts';
import { chatRetryPauseMs } from './chat-retries.ts';
import type { CardState } from '../model/chat-ports.ts';
import type { ChatPlace } from '../model/chat.ts';
import { statusOf } from '../model/outcome.ts';
import type { Rollout } from '../model/rollout.ts';

/** What a place should show now. */
export interface DesiredCard {
  /** Of the card without its tokens. */
  readonly digest: string;
  /** Of the rollout. */
  readonly version: number;
  readonly hasButtons: boolean;
  /** When it halted; null when it is not halted. */
  readonly haltedAtMs: number | null;
  /** The platform's least time between two updates of one card. */
  readonly updateEveryMs: number;
}

/** What to do with one card now. */
export type CardStep =
  /** Nothing: the card is as it should be, or nothing more can be done. */
  | { readonly kind: 'rest' }
  /** There is something to do, but not before then. */
  | { readonly kind: 'wait'; readonly untilMs: number }
  /** `notify`: post a message that the rollout halted. */
  | {
      readonly kind: 'act';
      readonly show: 'post' | 'update' | null;
      readonly notify: boolean;
    };

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;

/** When a card that another invocation is at work on is checked again: our own choice. */
const BUSY_MS = 5_000;

/** The state of a card that was never posted. */
export function newCardState(rolloutId: string, place: ChatPlace): CardState {
  return {
    rolloutId,
    place,
    version: 0,
    messageId: '',
    reposts: 0,
    ownerUntilMs: 0,
    shownDigest: '',
    shownAtMs: 0,
    shownVersion: 0,
    failedDigest: '',
    failures: 0,
    notBeforeMs: 0,
    gone: '',
    wakeAtMs: 0,
    notifiedAtMs: 0,
  };
}

/** Several changes within the platform's least time are shown by one update. */
export function cardStep(state: CardState, desired: DesiredCard, nowMs: number): CardStep {
  if (state.gone !== '') return { kind: 'rest' };
  if (state.ownerUntilMs > nowMs) return busy(state, nowMs);
  // Another invocation read a newer rollout and was faster: read it again.
  if (state.shownVersion > desired.version) return { kind: 'wait', untilMs: nowMs + SECOND_MS };
  const isOld = desired.hasButtons && areButtonsOld(state.shownAtMs, nowMs);
  const isShown = state.shownDigest === desired.digest && !isOld;
  const show = state.messageId === '' ? 'post' : isShown ? null : 'update';
  const notify = desired.haltedAtMs !== null && desired.haltedAtMs > state.notifiedAtMs;
  if (show === null && !notify) return { kind: 'rest' };
  const isGivenUp =
    state.failedDigest === desired.digest && chatRetryPauseMs(state.failures) === undefined;
  if (isGivenUp) return { kind: 'rest' };
  const nextMs = state.shownAtMs + desired.updateEveryMs;
  const notBeforeMs = Math.max(state.notBeforeMs, state.messageId === '' ? 0 : nextMs);
  return notBeforeMs > nowMs
    ? { kind: 'wait', untilMs: notBeforeMs }
    : { kind: 'act', show, notify };
}

/** Another invocation is at work on the card, and may not know the newest rollout. */
export function busy({ ownerUntilMs }: CardState, nowMs: number): CardStep {
  return { kind: 'wait', untilMs: Math.min(ownerUntilMs, nowMs + BUSY_MS) };
}

/** How often cards are checked without a change: our own choices. Each change has them checked too. */
const EVERY_MOVING_MS = 30 * SECOND_MS;
const EVERY_STANDING_MS = 5 * MINUTE_MS;

/**
 * When to check a card that is as it should be. null: never, because the rollout is over. Without a change, only
 * the remaining time on the card changes; a check also makes up for a lost message.
 */
export function nextCheckMs(rollout: Rollout, nowMs: number): number | null {
  const { waitingUntilMs, approval } = rollout;
  switch (statusOf(rollout)) {
    case 'done':
      return null;
    case 'waiting': {
      const leftMs = (approval?.untilMs ?? 0) - nowMs;
      // The approval is over. The timer of `restart` ends it, some time later.
      if (leftMs <= 0) return nowMs + EVERY_MOVING_MS;
      return nowMs + Math.min(EVERY_STANDING_MS, leftMs + SECOND_MS);
    }
    case 'paused':
    case 'halted':
    case 'stopped':
      return nowMs + EVERY_STANDING_MS;
    case 'attaching':
    case 'restarting':
    case 'aborting':
    case 'finishing': {
      const isFar = waitingUntilMs !== null && waitingUntilMs > nowMs + EVERY_STANDING_MS;
      return nowMs + (isFar ? EVERY_STANDING_MS : EVERY_MOVING_MS);
    }
  }
}
