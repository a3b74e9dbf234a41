import type * as v from 'valibot';
import { chatQueueMessage } from '../contract/messages/codec.ts';
import { jsonOf } from '../contract/parse.ts';
import { elementsOf } from '../lib/json-fields.ts';
import { type QueueMessages, readQueueMessages } from './queue-messages.ts';

/**
 * Reads the event of the function `messenger`, a delivery of the queue trigger.
 *
 * @throws {LatchkeyError} `bad-request` when the event is not JSON
 */
export function readMessengerEvent(
  bytes: Uint8Array,
): QueueMessages<v.InferOutput<ReturnType<typeof chatQueueMessage>>> {
  return readQueueMessages(chatQueueMessage(), elementsOf(jsonOf(bytes, 'the event')));
}
