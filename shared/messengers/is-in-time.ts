/**
 * How far a platform's clock may be off, either way. Slack says 5 minutes
 * (https://docs.slack.dev/authentication/verifying-requests-from-slack), DingTalk an hour, Feishu nothing:
 * 5 minutes for all of them is our own choice.
 */
const MAX_SKEW_MS = 300_000;

export function isInTime(atMs: number, nowMs: number): boolean {
  return Math.abs(nowMs - atMs) <= MAX_SKEW_MS;
}
