import * as v from 'valibot';
import type { Launch } from '../domain/launches.ts';
import type { NoticeMessage } from '../domain/notice-message.ts';
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
      /** As events told of them, for the first time. */
      readonly launches: readonly Launch[];
      /** Those that waited to be answered, now. */
      readonly gathered: readonly Launch[];
      readonly notices: readonly NoticeMessage[];
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
  return batchOf(elements.map(readMessage));
}

function batchOf(read: readonly (Message | Unreadable)[]): RestartEvent {
  const rolloutIds = new Set<string>();
  const launches: Launch[] = [];
  const gathered: Launch[] = [];
  const notices: NoticeMessage[] = [];
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
      case 'latchkey.notice/1': {
        const { schema: _, ...notice } = message;
        notices.push(notice);
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
    unreadable,
  };
}

/** https://www.alibabacloud.com/help/en/functioncompute/fc/user-guide/time-triggers */
function isTick(element: unknown): boolean {
  const { triggerTime, triggerName, schema } = fieldsOf(element);
  return typeof triggerTime === 'string' && typeof triggerName === 'string' && schema === undefined;
}

function readMessage(element: unknown): Message | Unreadable {
  const body = bodyOf(element);
  const text = typeof body === 'string' ? body : shown(body);
  const value = typeof body === 'string' ? jsonOrBase64(body) : body;
  if (value === undefined) return { text, why: 'neither JSON nor base64 of it' };
  const read = v.safeParse(Message, value);
  return read.success ? read.output : { text, why: whyUnreadable(read.issues[0]) };
}

/** For a person who looks at the dead letter. What is nested thousandfold can be read, but not written. */
function shown(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return 'nested too deep to be shown';
  }
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
