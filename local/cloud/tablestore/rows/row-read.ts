import { type Condition, decodeCondition, fulfils } from './condition.ts';
import { invalid, unsupported } from '../errors.ts';
import { MAX_COLUMNS_TO_GET } from '../limits.ts';
import { checkColumnName } from '../tables/names.ts';
import type { RowToWrite } from '../plain-buffer/plain-buffer-writer.ts';
import { decodeRow, type WireCell } from '../plain-buffer/plain-buffer-reader.ts';
import { has } from '../proto.ts';
import type { Row, Table } from '../tables/table.ts';
import { type ColumnValue, valueBytes } from './value.ts';

/** Which columns a read returns, and the filter of its rows. */
export interface Selection {
  /** Undefined = all. */
  readonly columns?: ReadonlySet<string>;
  readonly filter?: Condition;
}

/** @throws {OtsError} for options that are wrong or not emulated */
export function parseSelection(request: {
  readonly columnsToGet?: readonly string[];
  readonly maxVersions?: number;
  readonly filter?: Uint8Array;
}): Selection {
  for (const option of ['timeRange', 'startColumn', 'endColumn', 'token', 'transactionId']) {
    const value = (request as Record<string, unknown>)[option];
    const isEmpty = typeof value === 'object' && value !== null && Object.keys(value).length === 0;
    if (has(request, option) && !isEmpty) throw unsupported(option);
  }
  if (!has(request, 'maxVersions')) {
    throw invalid('No version condition is specified while querying row.');
  }
  if ((request.maxVersions ?? 0) <= 0) {
    throw invalid(
      `Invalid max versions: ${request.maxVersions} . Reason: Max versions must be positive.`,
    );
  }
  const names = request.columnsToGet ?? [];
  if (names.length > MAX_COLUMNS_TO_GET) {
    throw invalid(
      `The number of columns from the request exceeds the limit, limit count: ${MAX_COLUMNS_TO_GET} , column count: ${names.length}.`,
    );
  }
  for (const name of names) checkColumnName(name);
  return {
    ...(names.length > 0 && { columns: new Set(names) }),
    ...(has(request, 'filter') && { filter: decodeCondition(request.filter!) }),
  };
}

/** The primary key of a read. @throws {OtsError} when anything else is in it */
export function parseKeyCells(bytes: Uint8Array): readonly WireCell[] {
  const { primaryKey, cells, deleteMarker } = decodeRow(bytes);
  if (cells.length > 0) throw invalid('Attribute column cannot be given while reading data.');
  if (deleteMarker) throw invalid('Delete marker cannot be given.');
  return primaryKey;
}

/**
 * What is returned of a row: its primary key and the chosen columns, sorted by name. Undefined when the filter
 * rejects the row, or when it has none of the chosen columns. The filter sees the chosen columns only
 * (https://github.com/AlibabaCloudDocs/ots, Filter).
 */
export function select(table: Table, row: Row, selection: Selection): RowToWrite | undefined {
  const { columns, filter } = selection;
  const cells =
    columns === undefined ? row.cells : new Map([...row.cells].filter(([n]) => columns.has(n)));
  const asksForKey = table.primaryKey.some(({ name }) => columns?.has(name));
  if (columns !== undefined && cells.size === 0 && !asksForKey) return undefined;
  if (filter !== undefined && !fulfils(cells, filter)) return undefined;
  return {
    primaryKey: keyOf(table, row).primaryKey,
    cells: [...cells]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, cell]) => ({ name, ...cell })),
  };
}

/** The row's primary key. */
export function keyOf(table: Table, row: Pick<Row, 'primaryKey'>): RowToWrite {
  return {
    primaryKey: table.primaryKey.map(({ name }, i) => ({ name, value: row.primaryKey[i]! })),
    cells: [],
  };
}

/** Names and values, as limits and capacity units count them. */
export function rowBytes({ primaryKey, cells }: RowToWrite): number {
  const all: readonly { readonly name: string; readonly value: ColumnValue }[] = [
    ...primaryKey,
    ...cells,
  ];
  return all.reduce((sum, { name, value }) => sum + name.length + valueBytes(value), 0);
}
