import type { DesiredCard } from './card-refresh.ts';
import { chatRetryPauseMs } from './chat-retries.ts';
import type { CardRef, CardState, ChatSent } from '../model/chat-ports.ts';

/** How often a deleted card is posted again: our own choice. */
const MAX_REPOSTS = 1;

/** The pause after the last attempt: our own choice. A later change waits for it too. */
const GIVEN_UP_MS = 300_000;

/** The state of a card after an attempt to post it. */
export function afterPost(
  state: CardState,
  sent: ChatSent<CardRef>,
  desired: DesiredCard,
  nowMs: number,
): CardState {
  if (sent.kind === 'failed') return failed(state, sent.retryAfterMs, desired, nowMs);
  if (sent.kind === 'gone') return { ...state, gone: sent.why };
  return shown({ ...state, messageId: sent.value.messageId }, desired, nowMs);
}

/** The state of a card after an attempt to update it. A deleted card is posted again, once. */
export function afterUpdate(
  state: CardState,
  sent: ChatSent,
  desired: DesiredCard,
  nowMs: number,
): CardState {
  if (sent.kind === 'failed') return failed(state, sent.retryAfterMs, desired, nowMs);
  if (sent.kind === 'sent') return shown(state, desired, nowMs);
  if (state.reposts >= MAX_REPOSTS) return { ...state, gone: sent.why };
  return { ...state, messageId: '', shownDigest: '', reposts: state.reposts + 1 };
}

/** The state of a card after an attempt to post the message that the rollout halted at `desired.haltedAtMs`. */
export function afterNotify(
  state: CardState,
  sent: ChatSent<CardRef>,
  desired: DesiredCard,
  nowMs: number,
): CardState {
  if (sent.kind === 'failed') return failed(state, sent.retryAfterMs, desired, nowMs);
  // A message that the platform refuses is not tried again, because the card says it too.
  return { ...wentWell(state), notifiedAtMs: desired.haltedAtMs ?? state.notifiedAtMs };
}

function shown(state: CardState, { digest, version }: DesiredCard, nowMs: number): CardState {
  const now = { shownDigest: digest, shownAtMs: nowMs, shownVersion: version };
  return { ...wentWell(state), ...now };
}

function wentWell(state: CardState): CardState {
  return { ...state, failedDigest: '', failures: 0, notBeforeMs: 0 };
}

function failed(
  state: CardState,
  retryAfterMs: number | null,
  { digest }: DesiredCard,
  nowMs: number,
): CardState {
  const failures = state.failedDigest === digest ? state.failures + 1 : 1;
  const notBeforeMs = nowMs + (chatRetryPauseMs(failures, retryAfterMs) ?? GIVEN_UP_MS);
  return { ...state, failedDigest: digest, failures, notBeforeMs };
}
