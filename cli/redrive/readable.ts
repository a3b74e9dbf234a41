import { decoded } from '../../shared/lib/json-fields.ts';

/** The value of a text that is JSON, or base64 of JSON; undefined when it is neither. */
export function readable(text: string): unknown {
  const value = decoded(text);
  if (typeof value !== 'string') return value;
  const inner = decoded(Buffer.from(text, 'base64').toString('utf8'));
  return typeof inner === 'string' ? undefined : inner;
}
