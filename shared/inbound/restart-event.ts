import * as v from 'valibot';
import { decoded, elementsOf, fieldsOf, textOf } from './event-payload.ts';
import { Message } from './messages.ts';
import { jsonOf } from './parse.ts';
import { readStateChange, type StateChange } from './state-change.ts';
import { whyUnreadable } from './unreadable.ts';

/** A message that cannot be read: for the dead-letter queue. */
export interface Unreadable {
  /** The message's body as it came, or the whole element when it has none. */
  readonly text: string;
  readonly why: string;
}

/** What wakes the function `restart`. */
export type RestartEvent =
  | { readonly kind: 'tick' }
  | ({ readonly kind: 'state-change' } & StateChange)
  | {
      readonly kind: 'messages';
      /** Each once, in the order of their first messages. */
      readonly rolloutIds: readonly string[];
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
      const unreadable = [{ text: JSON.stringify(only), why: change.why }];
      return { kind: 'messages', rolloutIds: [], unreadable };
    }
  }
  const rolloutIds = new Set<string>();
  const unreadable: Unreadable[] = [];
  for (const element of elements) {
    const read = readMessage(element);
    if (read.kind === 'message') rolloutIds.add(read.rolloutId);
    else unreadable.push({ text: read.text, why: read.why });
  }
  return { kind: 'messages', rolloutIds: [...rolloutIds], unreadable };
}

/** https://www.alibabacloud.com/help/en/functioncompute/fc/user-guide/time-triggers */
function isTick(element: unknown): boolean {
  const { triggerTime, triggerName, schema } = fieldsOf(element);
  return typeof triggerTime === 'string' && typeof triggerName === 'string' && schema === undefined;
}

type ReadMessage =
  | { readonly kind: 'message'; readonly rolloutId: string }
  | ({ readonly kind: 'unreadable' } & Unreadable);

function readMessage(element: unknown): ReadMessage {
  const body = bodyOf(element);
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const value = typeof body === 'string' ? jsonOrBase64(body) : body;
  if (value === undefined)
    return { kind: 'unreadable', text, why: 'neither JSON nor base64 of it' };
  const read = v.safeParse(Message, value);
  if (read.success) return { kind: 'message', rolloutId: read.output.rolloutId };
  return { kind: 'unreadable', text, why: whyUnreadable(read.issues[0]) };
}

/** The message's body, wherever the trigger put it. */
function bodyOf(element: unknown): unknown {
  const fields = fieldsOf(element);
  const data = fieldsOf(decoded(fields['data']));
  return data['messageBody'] ?? fields['messageBody'] ?? element;
}

/** Whether a body comes as it was sent or decoded is a setting of the trigger. */
function jsonOrBase64(text: string): unknown {
  const value = decoded(text);
  if (typeof value !== 'string') return value;
  if (!/^[A-Za-z0-9+/\s]+={0,2}\s*$/.test(text)) return undefined;
  const inner = decoded(Buffer.from(text, 'base64').toString('utf8'));
  return textOf(inner) === undefined ? inner : undefined;
}
