import { createHmac } from 'node:crypto';

/** Signature v0: https://docs.slack.dev/authentication/verifying-requests-from-slack */
export function slackHeaders(
  signingSecret: string,
  timestampSec: number,
  body: string,
): Record<string, string> {
  const base = `v0:${timestampSec}:${body}`;
  return {
    'content-type': 'application/x-www-form-urlencoded',
    'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
    'x-slack-request-timestamp': String(timestampSec),
    'x-slack-signature': `v0=${createHmac('sha256', signingSecret).update(base).digest('hex')}`,
  };
}
