import type { LatchkeyError } from '../../domain/model/errors.ts';
import type { Message } from '../../domain/model/messages.ts';
import type { Log, Queue } from '../../domain/model/ports.ts';
import { mapPool } from '../../lib/pool.ts';
import {
  batchDocument,
  batchesOf,
  readBatchAnswer,
  type TextMessage,
  type WireMessage,
} from './batches.ts';
import { smqCaller, type SmqOptions } from './call.ts';
import { type Pause, realPause, tryEach } from '../tries.ts';

/** Our own choice: 256 messages at the same time, so that 1,000 go out in the time of four calls. */
export const BATCHES_IN_FLIGHT = 16;
/** Our own choice: an answer has less than 300 bytes for each of 16 messages. */
const MAX_ANSWER_BYTES = 1_048_576;

export interface SmqSenderOptions extends SmqOptions {
  readonly log: Log;
  readonly pause?: Pause;
}

/** Sends texts to one queue. */
export interface SmqSender {
  /** @returns for each text, in order: undefined when it was sent, or why not. As `Queue.send` */
  send(texts: readonly TextMessage[]): Promise<readonly (LatchkeyError | undefined)[]>;
}

/**
 * Sends by SMQ's BatchSendMessage.
 *
 * After a temporary failure (5xx, network, throttled) it sends a message again, up to three times in all. So a
 * message may arrive more than once.
 *
 * @throws {TypeError} for an endpoint or a queue name that cannot be used
 */
export function smqSender(options: SmqSenderOptions): SmqSender {
  const { queueName, log, pause = realPause } = options;
  const call = smqCaller(options, MAX_ANSWER_BYTES);

  async function sendBatch(batch: readonly WireMessage[]) {
    const document = batchDocument(batch);
    const answer = await call({ method: 'POST', below: '/messages', document });
    return readBatchAnswer(answer, queueName, batch.length);
  }

  return {
    async send(messages) {
      const results: (LatchkeyError | undefined)[] = messages.map(() => undefined);
      const { batches, tooLarge } = batchesOf(messages);
      for (const { index, error } of tooLarge) results[index] = error;
      await mapPool(batches, BATCHES_IN_FLIGHT, async (batch) => {
        const errors = await tryEach<WireMessage, undefined>(
          batch,
          {
            pause,
            onRepeat: (error, nextTry, count) =>
              log('warn', 'smq.repeat', { queueName, nextTry, count, error: error.message }),
          },
          sendBatch,
        );
        batch.forEach(({ index }, at) => {
          results[index] = errors[at];
        });
      });
      return results;
    },
  };
}

/**
 * The port `Queue` over `smqSender`: encodes each message as one text or several.
 *
 * @param bodiesOf the texts of a message: `codec.ts`, or the encoder of the only message that is sent
 * @throws {TypeError} for an endpoint or a queue name that cannot be used
 */
export function smqQueue<M extends Message = Message>(
  options: SmqSenderOptions,
  bodiesOf: (message: M) => string[],
): Queue<M> {
  const sender = smqSender(options);
  return {
    async send(messages) {
      const bodies = messages.map(({ message }) => bodiesOf(message));
      const texts = messages.flatMap(({ delaySeconds }, index) =>
        bodies[index]!.map((body) => ({ body, delaySeconds })),
      );
      const results = (await sender.send(texts)).values();
      return bodies.map((some) =>
        some.map(() => results.next().value).find((error) => error !== undefined),
      );
    },
  };
}
