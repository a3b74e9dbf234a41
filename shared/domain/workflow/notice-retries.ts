import type { NoticeMessage } from '../model/notice-message.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/**
 * Pauses after each delivery that failed, the tenth being the last:
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
const PAUSES_MS = [
  5 * SECOND_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  10 * HOUR_MS,
  14 * HOUR_MS,
  20 * HOUR_MS,
  24 * HOUR_MS,
];

/** The longest that a receiver can put us off: our own choice, as long as the longest pause. */
const MAX_PAUSE_MS = 24 * HOUR_MS;

/** Our own choice: what failed together is not tried again together. */
const JITTER_PERCENT = 10;

/**
 * How long to wait before the next delivery. The same for the same delivery, so that a message that
 * comes twice is not tried at two different times.
 *
 * @param retryAfterMs what the receiver asked for; null when it did not
 * @returns milliseconds; undefined after the last delivery
 */
export function noticeRetryPauseMs(
  { id, attempt }: Pick<NoticeMessage, 'id' | 'attempt'>,
  retryAfterMs: number | null,
): number | undefined {
  const pauseMs = PAUSES_MS[attempt - 1];
  if (pauseMs === undefined) return undefined;
  const askedMs = Math.min(retryAfterMs ?? 0, MAX_PAUSE_MS);
  const part = (hashOf(`${id} ${attempt}`) % (JITTER_PERCENT + 1)) / 100;
  return Math.max(pauseMs, askedMs) + Math.floor(pauseMs * part);
}

/** FNV-1a, 32 bits: http://www.isthe.com/chongo/tech/comp/fnv/ */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  }
  return hash;
}
