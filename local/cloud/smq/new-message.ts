import type { QueueAttributes } from './attributes.ts';
import { againstSchema, outOfRange } from './errors.ts';
import { DEFAULT_PRIORITY, RANGES } from './limits.ts';
import type { NewMessage } from './message.ts';
import type { XmlElement } from './read-xml.ts';
import { fieldsOf, integerIn } from './schema.ts';

/** The children of a `<Message>` that is sent, as text. */
export type MessageFields = ReadonlyMap<string, string>;

/** @throws {SmqError} InvalidArgument for another shape */
export function messageFields(element: XmlElement): MessageFields {
  const fields = fieldsOf(element, ['MessageBody', 'DelaySeconds', 'Priority']);
  if (!fields.has('MessageBody')) throw againstSchema('MessageBody');
  return fields;
}

export function bodyBytes(fields: MessageFields): number {
  return Buffer.byteLength(fields.get('MessageBody') ?? '');
}

/**
 * The message that the fields describe. The queue's attributes are the defaults.
 *
 * @throws {SmqError} InvalidArgument for a value out of range
 */
export function newMessage(
  fields: MessageFields,
  attributes: QueueAttributes,
  requestId: string,
): NewMessage {
  const size = { low: 1, high: attributes.MaximumMessageSize };
  const bytes = bodyBytes(fields);
  if (bytes < size.low || bytes > size.high) throw outOfRange('MessageBody', size);
  const number = (name: 'DelaySeconds' | 'Priority', otherwise: number) => {
    const text = fields.get(name);
    return text === undefined ? otherwise : integerIn(text, name, RANGES[name]);
  };
  return {
    body: fields.get('MessageBody')!,
    delayMs: number('DelaySeconds', attributes.DelaySeconds) * 1_000,
    priority: number('Priority', DEFAULT_PRIORITY),
    requestId,
  };
}
