const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;

/** The pause after each failed attempt. The sixth attempt is the last: our own choice. */
const PAUSES_MS = [2 * SECOND_MS, 10 * SECOND_MS, 30 * SECOND_MS, 2 * MINUTE_MS, 5 * MINUTE_MS];

/** The longest pause that a platform can ask for: our own choice. DingTalk's limit lasts ten minutes. */
const MAX_PAUSE_MS = 15 * MINUTE_MS;

/**
 * How long to wait after so many failed attempts to show a card or to deliver a reply. undefined: give up.
 *
 * @param retryAfterMs what the platform asked for. null: nothing
 */
export function chatRetryPauseMs(
  failures: number,
  retryAfterMs: number | null = null,
): number | undefined {
  if (failures === 0) return 0;
  const pauseMs = PAUSES_MS[failures - 1];
  if (pauseMs === undefined) return undefined;
  return Math.max(pauseMs, Math.min(retryAfterMs ?? 0, MAX_PAUSE_MS));
}
