import * as v from 'valibot';
import { decoded, fieldsOf, textOf } from '../lib/json-fields.ts';
import { whyUnreadable } from './unreadable.ts';

/** A message that cannot be read, for the dead-letter queue. */
interface Unreadable {
  /** The message's body, unchanged; the whole element when it has no body. */
  readonly text: string;
  readonly why: string;
}

export interface QueueMessages<M> {
  readonly messages: readonly M[];
  readonly unreadable: readonly Unreadable[];
}

/**
 * Reads the elements of a queue trigger's delivery, each with or without the trigger's envelope. An element
 * that cannot be read does not affect the others.
 */
export function readQueueMessages<S extends v.GenericSchema>(
  schema: S,
  elements: readonly unknown[],
): QueueMessages<v.InferOutput<S>> {
  const messages: v.InferOutput<S>[] = [];
  const unreadable: Unreadable[] = [];
  for (const element of elements) {
    const body = bodyOf(element);
    const text = typeof body === 'string' ? body : shown(body);
    const value = typeof body === 'string' ? jsonOrBase64(body) : body;
    const read = v.safeParse(schema, value);
    if (read.success) messages.push(read.output);
    else if (value === undefined) unreadable.push({ text, why: 'neither JSON nor base64 of it' });
    else unreadable.push({ text, why: whyUnreadable(read.issues[0]) });
  }
  return { messages, unreadable };
}

/** The value for a person who reads the dead letter. `JSON.stringify` fails on very deep nesting, which `JSON.parse` accepts. */
export function shown(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return 'nested too deep to be shown';
  }
}

/** The message's body, in any known envelope. */
function bodyOf(element: unknown): unknown {
  const fields = fieldsOf(element);
  const data = fieldsOf(decoded(fields['data']));
  return data['messageBody'] ?? fields['messageBody'] ?? element;
}

/** A setting of the trigger decides whether a body comes in base64 or decoded. */
function jsonOrBase64(text: string): unknown {
  const value = decoded(text);
  if (typeof value !== 'string') return value;
  if (!/^[A-Za-z0-9+/\s]+={0,2}\s*$/.test(text)) return undefined;
  const inner = decoded(Buffer.from(text, 'base64').toString('utf8'));
  return textOf(inner) === undefined ? inner : undefined;
}
