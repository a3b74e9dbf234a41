import type { KeyBound } from './value.ts';

const BELOW_ALL = '\u0000';
const VALUE = '\u0001';
const ABOVE_ALL = '\u0002';

/**
 * A primary key as one string, so that strings compare (by UTF-16 unit) as the keys do: column by
 * column, integers by value, strings and binaries by their bytes. Every unit stands for one byte.
 */
export function sortKey(values: readonly KeyBound[]): string {
  return values.map(part).join('');
}

function part(value: KeyBound): string {
  switch (value.kind) {
    case 'inf-min':
      return BELOW_ALL;
    case 'inf-max':
      return ABOVE_ALL;
    case 'integer': {
      const bytes = Buffer.alloc(8);
      // Flipping the sign bit makes negative numbers sort below positive ones.
      bytes.writeBigUInt64BE(BigInt.asUintN(64, value.value) ^ (1n << 63n));
      return VALUE + bytes.toString('latin1');
    }
    case 'string':
      return VALUE + terminated(Buffer.from(value.value));
    case 'binary':
      return VALUE + terminated(value.value);
  }
}

/** Sorts below every longer value with the same beginning, zero bytes included. */
function terminated(bytes: Buffer): string {
  return `${bytes.toString('latin1').replaceAll('\u0000', '\u0000\u00ff')}\u0000\u0000`;
}
