import { LatchkeyError } from '../../shared/domain/model/errors.ts';
import type { ReceivedMessage, SmqReader } from '../../shared/outbound/smq/smq-reader.ts';
import { type Invoked, LONGEST_RUN_MS } from '../invoke/invoke.ts';
import { cannotBeSent, type QueuedBody, readDeadLetter, type Way } from './dead-letter.ts';
import type { RedriveParts } from './parts.ts';
import { type Report, reportOf } from './report.ts';

/**
 * Sends one letter again, if it can be, and deletes it only after it was taken: one that is interrupted
 * between the two is sent twice, which receivers stand.
 */
export async function sendLetter(message: ReceivedMessage, parts: RedriveParts): Promise<Report> {
  const letter = readDeadLetter(message.body);
  const failure = await sendAgain(letter.way, parts);
  if (failure !== undefined) return reportOf(message, letter, parts, 'left', failure);
  const isGone = await remove(message, parts.deadLetters);
  const remark = isGone ? '' : 'not deleted: it will be sent again by the next run';
  return reportOf(message, letter, parts, 'sent', remark);
}

/** Deletes one letter for good, whatever it is. */
export async function discardLetter(
  message: ReceivedMessage,
  parts: RedriveParts,
): Promise<Report> {
  const letter = readDeadLetter(message.body);
  const isGone = await remove(message, parts.deadLetters);
  if (isGone) return reportOf(message, letter, parts, 'discarded', '');
  return reportOf(message, letter, parts, 'left', 'perhaps not deleted: SMQ did not say so');
}

/** False when it is perhaps there still. */
async function remove({ receiptHandle }: ReceivedMessage, deadLetters: SmqReader) {
  try {
    return (await deadLetters.remove([receiptHandle])).length === 0;
  } catch (error) {
    if (!(error instanceof LatchkeyError)) throw error;
    return false;
  }
}

/** @returns why it was not sent; undefined when it was */
async function sendAgain(way: Way, parts: RedriveParts): Promise<string | undefined> {
  switch (way.kind) {
    case 'none':
      return cannotBeSent(way);
    case 'queue':
      return toQueues(way.messages, parts);
    case 'function': {
      const { functionName, payload } = way;
      const call = { functionName, event: Buffer.from(payload), isAsync: false };
      const why = failureOf(await parts.invoke(call, LONGEST_RUN_MS));
      return why === undefined ? undefined : `Cannot call ${functionName}: ${why}`;
    }
  }
}

/** Each to its own. Where one queue fails, the whole is sent again some day: receivers tolerate duplicates. */
async function toQueues(
  messages: readonly QueuedBody[],
  { queues, sender }: RedriveParts,
): Promise<string | undefined> {
  for (const queue of new Set(messages.map((one) => one.queue))) {
    const bodies = messages.filter((one) => one.queue === queue).map(({ body }) => body);
    const results = await sender(queues[queue]).send(
      bodies.map((body) => ({ body, delaySeconds: 0 })),
    );
    const failed = results.find((error) => error !== undefined);
    if (failed !== undefined) return failed.message;
  }
  return undefined;
}

function failureOf(invoked: Invoked): string | undefined {
  switch (invoked.kind) {
    case 'answered':
    case 'accepted':
      return undefined;
    case 'function-error':
      return `${invoked.errorType}: ${invoked.message}`;
    case 'refused':
      return `${invoked.code}: ${invoked.message}`;
  }
}
