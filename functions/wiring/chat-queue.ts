import { LatchkeyError } from '../../shared/domain/model/errors.ts';
import type { Queue } from '../../shared/domain/model/ports.ts';
import { type Base, STORE_CALL_MS } from '../entry.ts';

/**
 * The queue of the function `messenger`, for a policy with a chat.
 *
 * @throws {LatchkeyError} `not-valid` when the function has no setting for it: it must not start
 */
export function chatQueueOf({ settings, queueNamed }: Base, deadlineMs = STORE_CALL_MS): Queue {
  if (settings.smqChatQueue !== null) return queueNamed(settings.smqChatQueue, deadlineMs);
  const why = 'SMQ_CHAT_QUEUE is missing: the policy has a chat';
  throw new LatchkeyError('not-valid', `Cannot start: ${why}`);
}
