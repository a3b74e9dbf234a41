import * as v from 'valibot';
import { decoded, fieldsOf, textOf } from '../lib/json-fields.ts';
import { whyUnreadable } from './unreadable.ts';

/** A message that cannot be read: for the dead-letter queue. */
export interface Unreadable {
  /** The message's body as it came, or the whole element when it has none. */
  readonly text: string;
  readonly why: string;
}

/** Reads one element of what a queue trigger delivered, in whatever way the trigger wrapped it. */
export function readQueueMessage<S extends v.GenericSchema>(
  schema: S,
  element: unknown,
): v.InferOutput<S> | Unreadable {
  const body = bodyOf(element);
  const text = typeof body === 'string' ? body : shown(body);
  const value = typeof body === 'string' ? jsonOrBase64(body) : body;
  if (value === undefined) return { text, why: 'neither JSON nor base64 of it' };
  const read = v.safeParse(schema, value);
  return read.success ? read.output : { text, why: whyUnreadable(read.issues[0]) };
}

export function isReadable<M extends { readonly kind: string }>(read: M | Unreadable): read is M {
  return 'kind' in read;
}

/** For a person who looks at the dead letter. What is nested thousandfold can be read, but not written. */
export function shown(value: unknown): string {
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
