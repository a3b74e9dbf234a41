/**
 * How far a platform's clock may differ from ours. Slack documents 5 minutes
 * (https://docs.slack.dev/authentication/verifying-requests-from-slack), DingTalk an hour, Feishu nothing. 5 minutes for
 * all of them is our own choice.
 */
const MAX_SKEW_MS = 300_000;

export function isInTime(atMs: number, nowMs: number): boolean {
  return Math.abs(nowMs - atMs) <= MAX_SKEW_MS;
}
