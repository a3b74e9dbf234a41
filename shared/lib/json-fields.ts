/**
 * What a trigger delivers comes in several shapes: one event, a list of events, or a list of texts
 * that hold one event each (facts: no document says which source uses which).
 */
export function elementsOf(payload: unknown): readonly unknown[] {
  const whole = decoded(payload);
  return Array.isArray(whole) ? whole.map(decoded) : [whole];
}

/** A text that holds JSON as what it holds; everything else as it is. */
export function decoded(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

export type Fields = Readonly<Record<string, unknown>>;

/** The fields of an object; none of anything else. */
export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Fields)
    : {};
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
