import type { CloudClock } from '../kernel/clock.ts';
import type { QueueMessage } from './message.ts';
import type { Queues } from './queues.ts';

/**
 * Messages as soon as there are some, within `waitMs`; none when that time is over.
 *
 * Whoever hangs up while waiting is not noticed: the message that comes is hidden then until its
 * visibility timeout ends.
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
