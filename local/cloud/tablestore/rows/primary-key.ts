import { invalid, OtsError } from '../errors.ts';
import { MAX_PRIMARY_KEY_BYTES } from '../limits.ts';
import type { WireCell } from '../plain-buffer/plain-buffer-reader.ts';
import type { KeyColumn } from '../tables/table.ts';
import { type KeyBound, type KeyValue, valueBytes, type WireValue } from './value.ts';

const KIND = { STRING: 'string', INTEGER: 'integer', BINARY: 'binary' } as const;

/**
 * The values of a whole primary key, in the order of the table. The messages are from the tests of the official
 * SDKs. The table of error codes has only "Primary key schema mismatch.".
 *
 * @throws {OtsError} `OTSInvalidPK` when names, order, number or types are not the table's
 */
export function keyValues(
  schema: readonly KeyColumn[],
  cells: readonly WireCell[],
): readonly KeyValue[] {
  return keyBounds(schema, cells).map((value, index) => {
    if (value.kind === 'inf-min' || value.kind === 'inf-max')
      throw wrongType(value, schema[index]!);
    return value;
  });
}

/** The same for a bound of a range, where infinities may stand for values. */
export function keyBounds(
  schema: readonly KeyColumn[],
  cells: readonly WireCell[],
): readonly KeyBound[] {
  if (cells.length !== schema.length) {
    throw mismatch(`Validate PK size fail. Input: ${cells.length}, Meta: ${schema.length}.`);
  }
  return cells.map((cell, index) => keyBound(schema[index]!, cell));
}

function keyBound(column: KeyColumn, { name, value, op, timestampMs }: WireCell): KeyBound {
  if (name !== column.name) {
    throw mismatch(`Validate PK name fail. Input: ${name}, Meta: ${column.name}.`);
  }
  if (value === undefined) {
    throw invalid(`Cell data broken, PK value cannot be NULL, name: ${name}.`);
  }
  if (op !== undefined) throw invalid(`OpType cannot be given for primary key name: ${name}.`);
  if (timestampMs !== undefined) {
    throw invalid(`Timestamp cannot be given for primary key name: ${name}.`);
  }
  if (value.kind === 'inf-min' || value.kind === 'inf-max') return value;
  if (value.kind === 'double') throw invalid('double can not be used as primary key.');
  if (value.kind === 'boolean' || value.kind === 'auto-increment') throw wrongType(value, column);
  if (value.kind !== KIND[column.type]) throw wrongType(value, column);
  const bytes = valueBytes(value);
  if (bytes > MAX_PRIMARY_KEY_BYTES) {
    throw invalid(
      `The length of primary key column: '${name}' exceeds the MaxLength: ${MAX_PRIMARY_KEY_BYTES} with CurrentLength: ${bytes}.`,
    );
  }
  return value;
}

const mismatch = (message: string): OtsError => new OtsError('OTSInvalidPK', message);

function wrongType(value: WireValue, column: KeyColumn): OtsError {
  const vt = (kind: string) =>
    `VT_${kind.toUpperCase().replace('BINARY', 'BLOB').replace('-', '_')}`;
  return mismatch(`Validate PK type fail. Input: ${vt(value.kind)}, Meta: ${vt(column.type)}.`);
}
