/** The value of an attribute column. */
export type ColumnValue =
  | { readonly kind: 'integer'; readonly value: bigint }
  | { readonly kind: 'double'; readonly value: number }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'binary'; readonly value: Buffer };

/** The value of a primary key column. */
export type KeyValue = Extract<ColumnValue, { readonly kind: 'integer' | 'string' | 'binary' }>;

/** A bound of GetRange: below or above every value. */
export type KeyBound = KeyValue | { readonly kind: 'inf-min' } | { readonly kind: 'inf-max' };

/** The value of a PlainBuffer cell. */
export type WireValue = ColumnValue | KeyBound | { readonly kind: 'auto-increment' };

/** Whether it is a value: not a bound of a range, and not the marker of an auto-increment. */
export function isColumnValue(value: WireValue): value is ColumnValue {
  return value.kind !== 'inf-min' && value.kind !== 'inf-max' && value.kind !== 'auto-increment';
}

/** Size in bytes, as the limits count it: https://www.alibabacloud.com/help/en/tablestore/limits-on-widecolumn-model */
export function valueBytes(value: ColumnValue): number {
  switch (value.kind) {
    case 'integer':
    case 'double':
      return 8;
    case 'boolean':
      return 1;
    case 'string':
      return Buffer.byteLength(value.value);
    case 'binary':
      return value.value.length;
  }
}

/** Negative, 0 or positive; undefined for values of different types, which have no order. */
export function compareValues(a: ColumnValue, b: ColumnValue): number | undefined {
  if (a.kind === 'string' && b.kind === 'string') {
    return Buffer.compare(Buffer.from(a.value), Buffer.from(b.value));
  }
  if (a.kind === 'binary' && b.kind === 'binary') return Buffer.compare(a.value, b.value);
  if (a.kind !== b.kind) return undefined;
  return a.value < b.value ? -1 : a.value > b.value ? 1 : 0;
}

/** For display: an integer too large for a JSON number becomes a string, bytes become base64. */
export function plainValue(value: ColumnValue): string | number | boolean {
  switch (value.kind) {
    case 'integer': {
      const number = Number(value.value);
      return Number.isSafeInteger(number) ? number : value.value.toString();
    }
    case 'binary':
      return value.value.toString('base64');
    case 'double':
    case 'boolean':
    case 'string':
      return value.value;
  }
}
