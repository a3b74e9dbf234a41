import { LatchkeyError } from '../../domain/model/errors.ts';
import { mapPool } from '../../lib/pool.ts';
import type { Log } from '../../domain/model/ports.ts';
import { isPassing, type Pause, realPause, tryEach } from '../tries.ts';
import { batchDocument, readBatchAnswer } from './batch-document.ts';
import { batchesOf, type TextMessage, type WireMessage } from './batches.ts';
import { smqCaller, type SmqOptions } from './call.ts';
import { smqError, smqUnreadable } from './errors.ts';

/** Our own choice: 256 messages under way at once, so that 1,000 go out in the time of four calls. */
export const BATCHES_IN_FLIGHT = 16;
/** Our own choice. An answer has less than 300 bytes for each of 16 messages. */
const MAX_ANSWER_BYTES = 1_048_576;

export interface SmqSenderOptions extends SmqOptions {
  readonly log: Log;
  readonly pause?: Pause;
}

/** Sends texts to one queue. */
export interface SmqSender {
  /** @returns for each text, in order, undefined when it was sent, or why not, as `Queue.send` */
  send(texts: readonly TextMessage[]): Promise<readonly (LatchkeyError | undefined)[]>;
}

/**
 * SMQ's BatchSendMessage.
 *
 * What failed in passing (5xx, network, throttled) is sent up to three times in all, so a message
 * may arrive more than once.
 *
 * @throws {TypeError} for an endpoint or a queue name that cannot be used
 */
export function smqSender(options: SmqSenderOptions): SmqSender {
  const { queueName, log, pause = realPause } = options;
  const call = smqCaller(options, MAX_ANSWER_BYTES);

  async function sendBatch(batch: readonly WireMessage[]): Promise<('sent' | LatchkeyError)[]> {
    const { status, body: answered } = await call({
      method: 'POST',
      below: '/messages',
      document: batchDocument(batch),
    });
    const answer = readBatchAnswer(
      answered.toString('utf8'),
      batch.length,
      status >= 200 && status < 300,
    );
    switch (answer.kind) {
      case 'entries':
        return answer.entries.map((failure) =>
          failure === undefined ? 'sent' : smqError(queueName, failure),
        );
      case 'refused': {
        const { failure, requestId } = answer;
        throw smqError(queueName, {
          ...failure,
          ...(requestId === undefined ? {} : { requestId }),
        });
      }
      case 'unreadable':
        throw smqUnreadable(queueName, `HTTP ${status}, ${answer.why}`, answer.cause);
    }
  }

  return {
    async send(messages) {
      const results: (LatchkeyError | undefined)[] = messages.map(() => undefined);
      const { batches, tooLarge } = batchesOf(messages);
      for (const { index, error } of tooLarge) results[index] = error;
      await mapPool(batches, BATCHES_IN_FLIGHT, async (batch) => {
        const outcomes = await tryEach<WireMessage, 'sent'>(
          batch,
          {
            pause,
            mayRepeat: isPassing,
            onRepeat: (error, nextTry, count) =>
              log('warn', 'smq.repeat', { queueName, nextTry, count, error: error.message }),
          },
          sendBatch,
        );
        batch.forEach(({ index }, at) => {
          const outcome = outcomes[at];
          if (outcome instanceof LatchkeyError) results[index] = outcome;
        });
      });
      return results;
    },
  };
}
