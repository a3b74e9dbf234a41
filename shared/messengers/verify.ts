import { createHash, timingSafeEqual } from 'node:crypto';
import { LatchkeyError } from '../domain/model/errors.ts';

/** What the verification of every platform is made of. */

/**
 * The same refusal for a wrong signature, time, tenant or app, so that a stranger learns nothing.
 *
 * @param why for the log only: if the signature is right, the app or tenant that the request was for
 */
export function notThePlatform(why = ''): LatchkeyError {
  return new LatchkeyError(
    'unsigned',
    'Cannot accept the request: not signed by the chat platform and app that are set up',
    why === '' ? {} : { cause: new Error(why) },
  );
}

/** Whether the texts are equal. The duration reveals neither where they differ nor their lengths. */
export function sameText(one: string, other: string): boolean {
  return timingSafeEqual(digestOf(one), digestOf(other));
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text, 'utf8').digest();
}

/**
 * How far a platform's clock may differ from ours. Slack documents 5 minutes
 * (https://docs.slack.dev/authentication/verifying-requests-from-slack), DingTalk an hour, Feishu nothing. 5 minutes for
 * all of them is our own choice.
 */
const MAX_SKEW_MS = 300_000;

export function isInTime(atMs: number, nowMs: number): boolean {
  return Math.abs(nowMs - atMs) <= MAX_SKEW_MS;
}
