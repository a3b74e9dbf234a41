import { LatchkeyError } from '../../shared/domain/model/errors.ts';
import type { ReceivedMessage, SmqReader } from '../../shared/outbound/smq/smq-reader.ts';
import { LONGEST_RUN_MS } from '../invoke/invoke.ts';
import { cannotBeSent, type QueuedBody, readDeadLetter, type Way } from './dead-letter.ts';
import { type RedrivePorts, type Report, reportOf } from './letter-report.ts';

/**
 * Sends one letter again if possible, and deletes it after it was accepted. An interruption between the two
 * sends it twice, because receivers tolerate duplicates.
 *
 * @param isSent false: only deletes it for good, whatever it holds
 */
export async function processLetter(
  message: ReceivedMessage,
  isSent: boolean,
  ports: RedrivePorts,
): Promise<Report> {
  const letter = readDeadLetter(message.body);
  const report = (state: Report['state'], remark = '') =>
    reportOf(message, letter, ports, state, remark);
  const failure = isSent ? await sendAgain(letter.way, ports) : undefined;
  if (failure !== undefined) return report('left', failure);
  const isGone = await remove(message, ports.deadLetters);
  if (isGone) return report(isSent ? 'sent' : 'discarded');
  return isSent
    ? report('sent', 'not deleted: the next run will send it again')
    : report('left', 'possibly not deleted: SMQ did not confirm it');
}

/** @returns false when the message may still be there */
async function remove({ receiptHandle }: ReceivedMessage, deadLetters: SmqReader) {
  try {
    return (await deadLetters.remove([receiptHandle])).length === 0;
  } catch (error) {
    if (!(error instanceof LatchkeyError)) throw error;
    return false;
  }
}

/** @returns why it was not sent; undefined when it was */
async function sendAgain(way: Way, ports: RedrivePorts): Promise<string | undefined> {
  switch (way.kind) {
    case 'none':
      return cannotBeSent(way);
    case 'queue':
      return sendToQueues(way.messages, ports);
    case 'function': {
      const { functionName, payload } = way;
      const call = { functionName, event: Buffer.from(payload), isAsync: false };
      const invoked = await ports.invoke(call, LONGEST_RUN_MS);
      if (invoked.kind === 'answered' || invoked.kind === 'accepted') return undefined;
      const code = invoked.kind === 'refused' ? invoked.code : invoked.errorType;
      return `Cannot call ${functionName}: ${code}: ${invoked.message}`;
    }
  }
}

/** Sends each message to its queue. When one queue fails, the whole letter is kept and later sent again. */
async function sendToQueues(
  messages: readonly QueuedBody[],
  { queues, sender }: RedrivePorts,
): Promise<string | undefined> {
  for (const queue of new Set(messages.map((one) => one.queue))) {
    const ofQueue = messages.filter((one) => one.queue === queue);
    const results = await sender(queues[queue]).send(
      ofQueue.map(({ body }) => ({ body, delaySeconds: 0 })),
    );
    const failed = results.find((error) => error !== undefined);
    if (failed !== undefined) return failed.message;
  }
  return undefined;
}
