import { areButtonsOld } from './card-tokens.ts';
import type { CardState } from '../model/chat-ports.ts';
import type { ChatPlace } from '../model/chat.ts';
import { statusOf } from '../model/outcome.ts';
import type { Rollout } from '../model/rollout.ts';

/** What a place should show now. */
export interface Wanted {
  /** Of the card without its tokens. */
  readonly digest: string;
  /** Of the rollout. */
  readonly version: number;
  readonly hasButtons: boolean;
  /** When it halted; null when it is not halted. */
  readonly haltedAtMs: number | null;
  /** The least time between two updates of one card: the platform's own limit. */
  readonly updateEveryMs: number;
}

/** What is to be done about one card now. */
export type CardStep =
  /** Nothing: it is as it should be, or nothing more can be done. */
  | { readonly kind: 'rest' }
  /** There is something to do, but not before then. */
  | { readonly kind: 'wait'; readonly untilMs: number }
  /** `notify`: by a new message, that it halted. */
  | {
      readonly kind: 'act';
      readonly show: 'post' | 'update' | null;
      readonly notify: boolean;
    };

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;

/** When a card that somebody else is at work on is looked at again: our own choice. */
const BUSY_MS = 5_000;

/** A card as nobody knows it yet. */
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

/** What to do with one card now. What changes meanwhile is shown by one update. */
export function cardStep(state: CardState, wanted: Wanted, nowMs: number): CardStep {
  if (state.gone !== '') return { kind: 'rest' };
  if (state.ownerUntilMs > nowMs) return busy(state, nowMs);
  // Somebody who read the rollout later was faster: it is read again.
  if (state.shownVersion > wanted.version) return { kind: 'wait', untilMs: nowMs + SECOND_MS };
  const isOld = wanted.hasButtons && areButtonsOld(state.shownAtMs, nowMs);
  const isShown = state.shownDigest === wanted.digest && !isOld;
  const show = state.messageId === '' ? 'post' : isShown ? null : 'update';
  const notify = wanted.haltedAtMs !== null && wanted.haltedAtMs > state.notifiedAtMs;
  if (show === null && !notify) return { kind: 'rest' };
  const isGivenUp =
    state.failedDigest === wanted.digest && pauseAfter(state.failures) === undefined;
  if (isGivenUp) return { kind: 'rest' };
  const nextMs = state.shownAtMs + wanted.updateEveryMs;
  const notBeforeMs = Math.max(state.notBeforeMs, state.messageId === '' ? 0 : nextMs);
  return notBeforeMs > nowMs
    ? { kind: 'wait', untilMs: notBeforeMs }
    : { kind: 'act', show, notify };
}

/** Somebody is at it, and does not know what we know. */
export function busy({ ownerUntilMs }: CardState, nowMs: number): CardStep {
  return { kind: 'wait', untilMs: Math.min(ownerUntilMs, nowMs + BUSY_MS) };
}

/** Pauses after each try that failed, the sixth being the last: our own choice. */
const PAUSES_MS = [2 * SECOND_MS, 10 * SECOND_MS, 30 * SECOND_MS, 2 * MINUTE_MS, 5 * MINUTE_MS];

/** The longest that a platform can put us off: our own choice. DingTalk's limit lasts ten minutes. */
const MAX_PAUSE_MS = 15 * MINUTE_MS;

/**
 * How long to wait after so many tries that failed; undefined after the last one.
 *
 * @param retryAfterMs what the platform asked for; null when it did not
 */
export function pauseAfter(
  failures: number,
  retryAfterMs: number | null = null,
): number | undefined {
  if (failures === 0) return 0;
  const pauseMs = PAUSES_MS[failures - 1];
  if (pauseMs === undefined) return undefined;
  return Math.max(pauseMs, Math.min(retryAfterMs ?? 0, MAX_PAUSE_MS));
}

/** How often cards are looked at without being woken: our own choices. Every change wakes them too. */
const EVERY_MOVING_MS = 30 * SECOND_MS;
const EVERY_STANDING_MS = 5 * MINUTE_MS;

/**
 * When to look again at a card that is as it should be; null for never, because the rollout is over.
 * Between two saves only the time that is left changes, and what a lost wake-up would have told.
 */
export function nextLookMs(rollout: Rollout, nowMs: number): number | null {
  const { waitingUntilMs, approval } = rollout;
  switch (statusOf(rollout)) {
    case 'done':
      return null;
    case 'waiting': {
      const leftMs = (approval?.untilMs ?? 0) - nowMs;
      // Afterwards the timer ends it, in its own time.
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
