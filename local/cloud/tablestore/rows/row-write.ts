import { changeBytes, checkIncrements, type ColumnChange, parseChange } from './column-change.ts';
import { invalid } from '../errors.ts';
import { MAX_COLUMNS_WRITTEN, MAX_WRITE_BYTES } from '../limits.ts';
import { decodeRow, type WireRow } from '../plain-buffer/plain-buffer-reader.ts';
import { keyValues } from './primary-key.ts';
import { sortKey } from './sort-key.ts';
import type { Table } from '../tables/table.ts';
import { type KeyValue, valueBytes } from './value.ts';

/** One row to be written. Everything that does not depend on the stored row has been checked. */
export interface RowWrite {
  readonly kind: 'put' | 'update' | 'delete';
  readonly key: string;
  readonly primaryKey: readonly KeyValue[];
  readonly changes: readonly ColumnChange[];
  /** Names and values, as the limits count them. */
  readonly bytes: number;
}

const OPERATION = { put: 'PutRow', update: 'UpdateRow', delete: 'DeleteRow' } as const;

/** @throws {OtsError} for a row that the real service would refuse regardless of the stored row */
export function parseRowWrite(
  kind: RowWrite['kind'],
  table: Table,
  rowBytes: Uint8Array,
  nowMs: number,
): RowWrite {
  const row = decodeRow(rowBytes);
  const primaryKey = keyValues(table.primaryKey, row.primaryKey);
  checkShape(kind, table, row);
  const changes = row.cells.map((cell) => parseChange(kind, table, cell, nowMs));
  checkIncrements(changes);
  const bytes =
    row.primaryKey.reduce((sum, { name }, i) => sum + name.length + valueBytes(primaryKey[i]!), 0) +
    changes.reduce((sum, change) => sum + changeBytes(change), 0);
  if (bytes > MAX_WRITE_BYTES) {
    throw invalid(
      `The total data size of ${OPERATION[kind]} request exceeds the limit, limit size: ${MAX_WRITE_BYTES}, data size: ${bytes}.`,
    );
  }
  return { kind, key: sortKey(primaryKey), primaryKey, changes, bytes };
}

function checkShape(kind: RowWrite['kind'], table: Table, { cells, deleteMarker }: WireRow): void {
  if (kind === 'delete') {
    if (!deleteMarker) {
      throw invalid('Invalid request of delete row: missing RowDeleteMarker in request');
    }
    if (cells.length > 0) throw invalid('Invalid delete row request: unexpected cells in request');
    return;
  }
  if (deleteMarker) {
    throw invalid('Invalid request of put/update row: unexpected RowDeleteMarker in request.');
  }
  if (kind === 'update' && cells.length === 0) {
    throw invalid('Invalid update row request: missing cells in request');
  }
  if (kind === 'update' && !table.settings.allowUpdate) {
    // The refusal is documented (TableOptions.allow_update), its text is not.
    throw invalid(`UpdateRow is not allowed on table: '${table.name}'.`);
  }
  if (cells.length > MAX_COLUMNS_WRITTEN) {
    throw invalid(
      `The number of attribute columns exceeds the limit, limit count: ${MAX_COLUMNS_WRITTEN}, column count: ${cells.length}.`,
    );
  }
}
