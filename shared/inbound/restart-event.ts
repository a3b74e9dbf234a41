import type * as v from 'valibot';
import { resultsQueueMessage } from '../contract/messages/codec.ts';
import { jsonOf } from '../contract/parse.ts';
import { elementsOf, fieldsOf } from '../lib/json-fields.ts';
import { type QueueMessages, readQueueMessages, shown } from './queue-messages.ts';
import { readStateChange, type StateChange } from './state-change.ts';

/** The event of the function `restart`. */
export type RestartEvent =
  | { readonly kind: 'tick' }
  | ({ readonly kind: 'state-change' } & StateChange)
  | ({ readonly kind: 'messages' } & QueueMessages<
      v.InferOutput<ReturnType<typeof resultsQueueMessage>>
    >);

/**
 * Reads a delivery of the queue trigger, the default event bus or the timer, in every known shape. An element
 * that cannot be read does not affect the others.
 *
 * @throws {LatchkeyError} `bad-request` when the event is not JSON
 */
export function readRestartEvent(bytes: Uint8Array): RestartEvent {
  const elements = elementsOf(jsonOf(bytes, 'the event'));
  const [only, ...others] = elements;
  if (only !== undefined && others.length === 0) {
    if (isTick(only)) return { kind: 'tick' };
    const change = readStateChange(only);
    if (change.kind === 'state-change') return change;
    if (change.kind === 'broken') {
      const unreadable = [{ text: shown(only), why: change.why }];
      return { kind: 'messages', messages: [], unreadable };
    }
  }
  return { kind: 'messages', ...readQueueMessages(resultsQueueMessage(), elements) };
}

/** https://www.alibabacloud.com/help/en/functioncompute/fc/user-guide/time-triggers */
function isTick(element: unknown): boolean {
  const { triggerTime, triggerName, schema } = fieldsOf(element);
  return typeof triggerTime === 'string' && typeof triggerName === 'string' && schema === undefined;
}
