import type * as v from 'valibot';
import { ChatQueueMessage } from '../contract/messages/codec.ts';
import { jsonOf } from '../contract/parse.ts';
import { elementsOf } from '../lib/json-fields.ts';
import { isReadable, readQueueMessage, type Unreadable } from './queue-message.ts';

/** What wakes the function `messenger`. */
export interface MessengerEvent {
  readonly messages: readonly v.InferOutput<typeof ChatQueueMessage>[];
  readonly unreadable: readonly Unreadable[];
}

/**
 * Reads what the queue trigger delivered. An element that cannot be read does not hide the others.
 *
 * @throws {LatchkeyError} `bad-request` when the whole is not JSON
 */
export function readMessengerEvent(bytes: Uint8Array): MessengerEvent {
  const read = elementsOf(jsonOf(bytes, 'the event')).map((element) =>
    readQueueMessage(ChatQueueMessage, element),
  );
  return { messages: read.filter(isReadable), unreadable: read.filter((one) => !isReadable(one)) };
}
