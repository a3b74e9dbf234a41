import type { CloudEvent } from '../kernel/kernel.ts';

/** An event that the bus refuses. The message names the faulty field. */
export class EnvelopeError extends Error {
  override readonly name = 'EnvelopeError';
}

/** Characters: https://help.aliyun.com/en/eventbridge/product-overview/limits */
const LENGTHS = { id: 128, source: 128, type: 64, subject: 512 } as const;

/** One event as JSON: the same page. */
const MAX_EVENT_BYTES = 256 * 1024;

/** https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md#naming-conventions */
const EXTENSION_NAME = /^[a-z0-9]+$/;
/** RFC 3339. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i;

/**
 * Checks the envelope: https://alibabacloud.com/help/en/doc-detail/181428.html
 *
 * @throws {EnvelopeError}
 */
export function checkEvent(value: unknown): CloudEvent {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new EnvelopeError('not an object');
  }
  const event = value as Record<string, unknown>;
  for (const field of ['id', 'source', 'type'] as const) text(event, field, LENGTHS[field]);
  if (event['specversion'] !== '1.0') throw new EnvelopeError('"specversion" must be "1.0"');
  if (event['subject'] !== undefined) text(event, 'subject', LENGTHS.subject);
  const { time, datacontenttype, dataschema } = event;
  if (time !== undefined && !(typeof time === 'string' && isTime(time))) {
    throw new EnvelopeError('"time" must be an RFC 3339 time');
  }
  // Real events come with and without a character set.
  if (datacontenttype !== undefined && !isJsonType(datacontenttype)) {
    throw new EnvelopeError('"datacontenttype" must be "application/json"');
  }
  if (dataschema !== undefined && !(typeof dataschema === 'string' && URL.canParse(dataschema))) {
    throw new EnvelopeError('"dataschema" must be a URI');
  }
  for (const [name, extension] of Object.entries(event)) {
    if (name === 'data') continue;
    if (!EXTENSION_NAME.test(name)) {
      throw new EnvelopeError(`"${name}" must be lower-case letters and digits`);
    }
    if (!['string', 'number', 'boolean'].includes(typeof extension)) {
      throw new EnvelopeError(`"${name}" must be a string, a number or a boolean`);
    }
  }
  if (Buffer.byteLength(JSON.stringify(event)) > MAX_EVENT_BYTES) {
    throw new EnvelopeError(`larger than ${MAX_EVENT_BYTES} bytes`);
  }
  return event as unknown as CloudEvent;
}

function text(event: Readonly<Record<string, unknown>>, field: string, most: number): void {
  const value = event[field];
  if (value === undefined) throw new EnvelopeError(`"${field}" is missing`);
  if (typeof value !== 'string' || value === '') {
    throw new EnvelopeError(`"${field}" must be a string that is not empty`);
  }
  if (value.length > most) throw new EnvelopeError(`"${field}" is longer than ${most} characters`);
}

function isJsonType(value: unknown): boolean {
  return typeof value === 'string' && /^application\/json\b/.test(value);
}

function isTime(value: string): boolean {
  return TIME.test(value) && !Number.isNaN(Date.parse(value));
}
