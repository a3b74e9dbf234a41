import type { FieldFault } from '../domain/model/errors.ts';
import { RESERVED_NAMES } from '../lib/strict-json.ts';

/** A fault for each reserved key, at any depth: a schema ignores such keys silently. */
export function reservedKeysIn(value: unknown, path: readonly string[] = []): FieldFault[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const here = [...path, key];
    if (!RESERVED_NAMES.has(key)) return reservedKeysIn(inner, here);
    return [{ path: here, detail: `Cannot take "${key}": must not be used as a key` }];
  });
}
