import type { FieldFault } from '../domain/model/errors.ts';

/**
 * Keys that schemas pass over without a word, since objects of JavaScript have them already: a
 * condition under one of them would never be looked at.
 */
const RESERVED: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** A fault for each, however deep. */
export function reservedKeysIn(value: unknown, path: readonly string[] = []): FieldFault[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const here = [...path, key];
    if (!RESERVED.has(key)) return reservedKeysIn(inner, here);
    return [{ path: here, detail: `Cannot take "${key}": must not be used as a key` }];
  });
}
