import { consumedByRead } from '../consumed.ts';
import { encodeRows } from '../plain-buffer/plain-buffer-writer.ts';
import { keyValues } from '../rows/primary-key.ts';
import { messages, parse } from '../proto.ts';
import {
  parseKeyCells,
  parseSelection,
  rowBytes,
  select,
  type Selection,
} from '../rows/row-read.ts';
import { sortKey } from '../rows/sort-key.ts';
import type { Table } from '../tables/table.ts';
import type { Action } from './action.ts';

export const getRow: Action = (tables, body) => {
  const request = parse(messages.GetRowRequest, body);
  const table = tables.get(request.tableName);
  const selection = parseSelection(request);
  const answer = readRow(table, request.primaryKey, selection, tables.nowMs());
  return messages.GetRowResponse.encode(answer).finish();
};

/** One row, or no bytes when there is none. */
export function readRow(
  table: Table,
  keyBytes: Uint8Array,
  selection: Selection,
  nowMs: number,
): { consumed: ReturnType<typeof consumedByRead>; row: Buffer } {
  const key = sortKey(keyValues(table.primaryKey, parseKeyCells(keyBytes)));
  const row = table.get(key, nowMs);
  const chosen = row === undefined ? undefined : select(table, row, selection);
  return {
    consumed: consumedByRead(chosen === undefined ? 0 : rowBytes(chosen)),
    row: encodeRows(chosen === undefined ? [] : [chosen]),
  };
}
