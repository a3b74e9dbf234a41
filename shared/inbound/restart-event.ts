import type { Order } from '../domain/model/order.ts';
import type { Launch } from '../domain/model/launch.ts';
import type { NoticeMessage } from '../domain/model/notice-message.ts';
import { elementsOf, fieldsOf } from '../lib/json-fields.ts';
import { Message } from '../contract/messages.ts';
import { jsonOf } from '../contract/parse.ts';
import { readQueueMessage, shown, type Unreadable } from './queue-message.ts';
import { readStateChange, type StateChange } from './state-change.ts';

/** What wakes the function `restart`. */
export type RestartEvent =
  | { readonly kind: 'tick' }
  | ({ readonly kind: 'state-change' } & StateChange)
  | {
      readonly kind: 'messages';
      /** Each once, in the order of their first messages. */
      readonly rolloutIds: readonly string[];
      /** As events told of them, for the first time. */
      readonly launches: readonly Launch[];
      /** Those that waited to be answered, now. */
      readonly gathered: readonly Launch[];
      readonly notices: readonly NoticeMessage[];
      /** Each once. */
      readonly orders: readonly Order[];
      /** Ids of probes. */
      readonly probes: readonly string[];
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
      return batchOf([{ text: shown(only), why: change.why }]);
    }
  }
  return batchOf(elements.map((element) => readQueueMessage(Message, element)));
}

function batchOf(read: readonly (Message | Unreadable)[]): RestartEvent {
  const rolloutIds = new Set<string>();
  const launches: Launch[] = [];
  const gathered: Launch[] = [];
  const notices: NoticeMessage[] = [];
  const orders = new Map<string, Order>();
  const probes: string[] = [];
  const unreadable: Unreadable[] = [];
  for (const message of read) {
    if (!('schema' in message)) {
      unreadable.push(message);
      continue;
    }
    switch (message.schema) {
      case 'latchkey.wake/1':
      case 'latchkey.result/1':
        rolloutIds.add(message.rolloutId);
        break;
      case 'latchkey.launch/1': {
        const { schema: _, ...launch } = message;
        launches.push(launch);
        break;
      }
      case 'latchkey.launches/1':
        gathered.push(...message.launches);
        break;
      case 'latchkey.probe/1':
        probes.push(message.id);
        break;
      case 'latchkey.notice/1': {
        const { schema: _, ...notice } = message;
        notices.push(notice);
        break;
      }
      case 'latchkey.order/1': {
        const { schema: _, ...order } = message;
        orders.set(order.id, order);
        break;
      }
    }
  }
  return {
    kind: 'messages',
    rolloutIds: [...rolloutIds],
    launches,
    gathered,
    notices,
    orders: [...orders.values()],
    probes,
    unreadable,
  };
}

/** https://www.alibabacloud.com/help/en/functioncompute/fc/user-guide/time-triggers */
function isTick(element: unknown): boolean {
  const { triggerTime, triggerName, schema } = fieldsOf(element);
  return typeof triggerTime === 'string' && typeof triggerName === 'string' && schema === undefined;
}
