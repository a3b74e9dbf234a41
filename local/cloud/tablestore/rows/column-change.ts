import TableStore from 'tablestore';
import { invalid } from '../errors.ts';
import { MAX_COLUMN_BYTES } from '../limits.ts';
import { checkColumnName } from '../tables/names.ts';
import type { WireCell } from '../plain-buffer/plain-buffer-reader.ts';
import type { Table } from '../tables/table.ts';
import { type ColumnValue, isColumnValue, valueBytes } from './value.ts';

const C = TableStore.plainBufferConsts;

/** The change of one column. Without a timestamp the column gets the time of the write. */
export type ColumnChange = { readonly name: string } & (
  | { readonly kind: 'put'; readonly value: ColumnValue; readonly timestampMs?: number }
  | { readonly kind: 'increment'; readonly by: bigint; readonly timestampMs?: number }
  | { readonly kind: 'delete-version'; readonly timestampMs: number }
  | { readonly kind: 'delete-all' }
);

/** @throws {OtsError} for a column that this table does not allow */
export function parseChange(
  kind: 'put' | 'update' | 'delete',
  table: Table,
  cell: WireCell,
  nowMs: number,
): ColumnChange {
  const { name, op, value } = cell;
  checkColumnName(name);
  if (table.primaryKey.some((column) => column.name === name)) {
    throw invalid(`Duplicated attribute column name with primary key column: '${name}'.`);
  }
  if (op === undefined) {
    const put = columnValue(cell);
    return { kind: 'put', name, value: put, ...version(cell, table, nowMs) };
  }
  if (kind === 'put') throw invalid(`OpType cannot be given for column name: '${name}' in PutRow.`);
  switch (op) {
    case C.INCREMENT: {
      const by = columnValue(cell);
      if (by.kind !== 'integer') throw notInteger(name);
      return { kind: 'increment', name, by: by.value, ...version(cell, table, nowMs) };
    }
    case C.DELETE_ONE_VERSION:
    case C.DELETE_ALL_VERSION:
      if (value !== undefined) {
        throw invalid(
          'Column value cannot be given when type is DELETE_ONE_VERSION,DELETE_ALL_VERSION.',
        );
      }
      return deletion(op, cell);
    default:
      throw invalid(`Invalid op type of cell: ${op}.`);
  }
}

function deletion(op: number, { name, timestampMs }: WireCell): ColumnChange {
  if (op === C.DELETE_ALL_VERSION) {
    if (timestampMs === undefined) return { kind: 'delete-all', name };
    throw invalid('Timestamp cannot be given when type is DELETE_ALL_VERSION.');
  }
  if (timestampMs === undefined) {
    throw invalid('Timestamp must be given when type is DELETE_ONE_VERSION.');
  }
  return { kind: 'delete-version', name, timestampMs: Number(timestampMs) };
}

function columnValue({ name, value }: WireCell): ColumnValue {
  if (value === undefined) throw invalid(`Cell data broken, attr has no value, name: ${name}.`);
  if (!isColumnValue(value)) {
    throw invalid(`${value.kind.toUpperCase()} is an invalid type for the attribute column.`);
  }
  const bytes = valueBytes(value);
  if (bytes > MAX_COLUMN_BYTES) {
    throw invalid(
      `The length of attribute column: '${name}' exceeded the MaxLength: ${MAX_COLUMN_BYTES} with Current Length: ${bytes}.`,
    );
  }
  return value;
}

/** Valid versions: https://www.alibabacloud.com/help/en/tablestore/developer-reference/tableoptions */
function version(
  { name, timestampMs }: WireCell,
  table: Table,
  nowMs: number,
): { readonly timestampMs?: number } {
  if (timestampMs === undefined) return {};
  const { timeToLiveSeconds, deviationSeconds } = table.settings;
  const backSeconds =
    timeToLiveSeconds === -1 ? deviationSeconds : Math.min(deviationSeconds, timeToLiveSeconds);
  const ms = Number(timestampMs);
  if (ms < nowMs - backSeconds * 1000 || ms >= nowMs + deviationSeconds * 1000) {
    throw invalid(`Invalid timestamp. Cell: '${name}'.`);
  }
  return { timestampMs: ms };
}

/**
 * A counter is the only change of its column:
 * https://alibabacloud.com/help/en/tablestore/developer-reference/configure-atomic-counter-by-using-nodejs-sdk
 */
export function checkIncrements(changes: readonly ColumnChange[]): void {
  for (const counter of changes) {
    if (counter.kind !== 'increment') continue;
    if (changes.some((other) => other !== counter && other.name === counter.name)) {
      throw invalid(`Column: '${counter.name}' cannot be updated and be a counter at once.`);
    }
  }
}

export const notInteger = (name: string): Error =>
  invalid(`Column: '${name}' is not an INTEGER column, and cannot be a counter.`);

export function changeBytes(change: ColumnChange): number {
  switch (change.kind) {
    case 'put':
      return change.name.length + valueBytes(change.value);
    case 'increment':
      return change.name.length + 8;
    case 'delete-version':
    case 'delete-all':
      return change.name.length;
  }
}
