/**
 * The events of a delivery. A trigger delivers one event, a list of events, or a list of texts with one event
 * each. No document says which trigger uses which form.
 */
export function elementsOf(payload: unknown): readonly unknown[] {
  const whole = decoded(payload);
  return Array.isArray(whole) ? whole.map(decoded) : [whole];
}

/** The value of a text that is JSON; any other value unchanged. */
export function decoded(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

export type Fields = Readonly<Record<string, unknown>>;

/** The fields of an object; {} for any other value. */
export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Fields)
    : {};
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
