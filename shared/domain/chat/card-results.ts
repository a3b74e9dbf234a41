import { pauseAfter, type Wanted } from './card-refresh.ts';
import type { CardRef, CardState, ChatSent } from '../model/chat-ports.ts';

/** How often a card that somebody took away is posted anew: our own choice. */
const MAX_REPOSTS = 1;

/** After the last try: what changes later is not tried at once either. Our own choice. */
const GIVEN_UP_MS = 300_000;

/** What is known of a card after it was posted. */
export function afterPost(
  state: CardState,
  sent: ChatSent<CardRef>,
  wanted: Wanted,
  nowMs: number,
): CardState {
  switch (sent.kind) {
    case 'sent':
      return shown({ ...state, messageId: sent.value.messageId }, wanted, nowMs);
    case 'gone':
      return { ...state, gone: sent.why };
    case 'failed':
      return failed(state, sent.retryAfterMs, wanted, nowMs);
  }
}

/** What is known of a card after it was updated. One that was taken away is posted anew, once. */
export function afterUpdate(
  state: CardState,
  sent: ChatSent,
  wanted: Wanted,
  nowMs: number,
): CardState {
  switch (sent.kind) {
    case 'sent':
      return shown(state, wanted, nowMs);
    case 'gone': {
      if (state.reposts >= MAX_REPOSTS) return { ...state, gone: sent.why };
      return { ...state, messageId: '', shownDigest: '', reposts: state.reposts + 1 };
    }
    case 'failed':
      return failed(state, sent.retryAfterMs, wanted, nowMs);
  }
}

/** What is known after somebody was to be notified that it halted at `wanted.haltedAtMs`. */
export function afterNotify(
  state: CardState,
  sent: ChatSent<CardRef>,
  wanted: Wanted,
  nowMs: number,
): CardState {
  if (sent.kind === 'failed') return failed(state, sent.retryAfterMs, wanted, nowMs);
  // What cannot be posted is not tried again: the card itself says it too.
  return { ...wentWell(state), notifiedAtMs: wanted.haltedAtMs ?? state.notifiedAtMs };
}

function shown(state: CardState, { digest, version }: Wanted, nowMs: number): CardState {
  const now = { shownDigest: digest, shownAtMs: nowMs, shownVersion: version };
  return { ...wentWell(state), ...now };
}

function wentWell(state: CardState): CardState {
  return { ...state, failedDigest: '', failures: 0, notBeforeMs: 0 };
}

function failed(
  state: CardState,
  retryAfterMs: number | null,
  { digest }: Wanted,
  nowMs: number,
): CardState {
  const failures = state.failedDigest === digest ? state.failures + 1 : 1;
  const notBeforeMs = nowMs + (pauseAfter(failures, retryAfterMs) ?? GIVEN_UP_MS);
  return { ...state, failedDigest: digest, failures, notBeforeMs };
}
