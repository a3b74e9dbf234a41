import type * as v from 'valibot';
import { ResultsQueueMessage } from '../contract/messages/codec.ts';
import { jsonOf } from '../contract/parse.ts';
import { elementsOf, fieldsOf } from '../lib/json-fields.ts';
import { isReadable, readQueueMessage, shown, type Unreadable } from './queue-message.ts';
import { readStateChange, type StateChange } from './state-change.ts';

/** What wakes the function `restart`. */
export type RestartEvent =
  | { readonly kind: 'tick' }
  | ({ readonly kind: 'state-change' } & StateChange)
  | {
      readonly kind: 'messages';
      readonly messages: readonly v.InferOutput<typeof ResultsQueueMessage>[];
      readonly unreadable: readonly Unreadable[];
    };

/**
 * Reads what a queue trigger, the default bus or a timer delivered, in every shape that any of them
 * is known to use. An element that cannot be read does not hide the others.
 *
 * @throws {LatchkeyError} `bad-request` when the whole is not JSON
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
  const read = elements.map((element) => readQueueMessage(ResultsQueueMessage, element));
  return {
    kind: 'messages',
    messages: read.filter(isReadable),
    unreadable: read.filter((one) => !isReadable(one)),
  };
}

/** https://www.alibabacloud.com/help/en/functioncompute/fc/user-guide/time-triggers */
function isTick(element: unknown): boolean {
  const { triggerTime, triggerName, schema } = fieldsOf(element);
  return typeof triggerTime === 'string' && typeof triggerName === 'string' && schema === undefined;
}
