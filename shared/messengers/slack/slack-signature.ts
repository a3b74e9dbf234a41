import { createHmac } from 'node:crypto';
import { isInTime, notThePlatform, sameText } from '../verify.ts';

/** Seconds. */
const TIMESTAMP = /^[0-9]{10}$/;
const SIGNATURE = /^v0=[0-9a-f]{64}$/;

/**
 * Checks that Slack signed these bytes within five minutes of now: `v0`, HMAC-SHA256 over
 * `v0:timestamp:body`. https://docs.slack.dev/authentication/verifying-requests-from-slack
 *
 * @param request.headers names in lower case
 * @param request.body the raw bytes
 * @throws {LatchkeyError} `unsigned`, the same whichever check failed
 */
export function verifySlack(request: {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly signingSecret: string;
  readonly nowMs: number;
}): void {
  const { headers, body, signingSecret, nowMs } = request;
  const timestamp = headers['x-slack-request-timestamp'] ?? '';
  const signature = headers['x-slack-signature'] ?? '';
  const isSigned = sameText(signature, slackSignature(signingSecret, timestamp, body));
  const isWellFormed = TIMESTAMP.test(timestamp) && SIGNATURE.test(signature);
  if (isSigned && isWellFormed && isInTime(Number(timestamp) * 1_000, nowMs)) return;
  throw notThePlatform();
}

/** @param timestamp seconds, as in the header */
export function slackSignature(secret: string, timestamp: string, body: Uint8Array): string {
  const hmac = createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body);
  return `v0=${hmac.digest('hex')}`;
}
