import type { CloudClock } from '../kernel/clock.ts';
import type { QueueMessage } from './message.ts';
import type { Queues } from './queues.ts';

/**
 * The messages as soon as there are some; none after `waitMs`.
 *
 * A client that disconnects while waiting is not noticed: the next message is then hidden until its visibility
 * timeout ends.
 *
 * @throws {SmqError} QueueNotExist, also when the queue is deleted meanwhile
 */
export function takeWithin(
  queues: Queues,
  clock: CloudClock,
  queueName: string,
  max: number,
  waitMs: number,
): Promise<QueueMessage[]> {
  return new Promise((resolve, reject) => {
    let done = false;
    const end = (messages: QueueMessage[] | undefined, error?: unknown) => {
      done = true;
      stopListening();
      stopWaiting();
      if (messages === undefined) reject(error);
      else resolve(messages);
    };
    const attempt = () => {
      if (done) return;
      try {
        const messages = queues.get(queueName).take(max);
        if (messages.length > 0) end(messages);
      } catch (error) {
        end(undefined, error);
      }
    };
    const stopListening = queues.onActive(queueName, attempt);
    const stopWaiting = waitMs > 0 ? clock.after(waitMs, () => end([])) : () => {};
    attempt();
    if (!done && waitMs <= 0) end([]);
  });
}
