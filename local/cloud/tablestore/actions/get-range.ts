import { consumedByRead } from '../consumed.ts';
import { invalid, unsupported } from '../errors.ts';
import { MAX_RANGE_BYTES, MAX_RANGE_ROWS } from '../limits.ts';
import { encodeRows, type RowToWrite } from '../plain-buffer/plain-buffer-writer.ts';
import { keyBounds } from '../rows/primary-key.ts';
import { has, messages, parse } from '../proto.ts';
import { keyOf, parseKeyCells, parseSelection, rowBytes, select } from '../rows/row-read.ts';
import { sortKey } from '../rows/sort-key.ts';
import type { Table } from '../tables/table.ts';
import type { Action } from './action.ts';

/** The numbers of Direction. */
const FORWARD = 0;
const BACKWARD = 1;

/**
 * One page of a range. It ends at 5,000 rows or 4 MB scanned, rejected rows included, so that a page
 * of a filtered range can be empty and not the last (https://github.com/AlibabaCloudDocs/ots,
 * Filter). The limit counts the rows that are returned, which the documents leave open.
 */
export const getRange: Action = (tables, body) => {
  const request = parse(messages.GetRangeRequest, body);
  const table = tables.get(request.tableName);
  const selection = parseSelection(request);
  if (request.dataBlockTypeHint) throw unsupported('other data blocks than PlainBuffer');
  if (has(request, 'limit') && (request.limit ?? 0) <= 0) {
    throw invalid('The limit must be greater than 0.');
  }
  const limit = request.limit || MAX_RANGE_ROWS;
  const { start, end } = bounds(table, request);

  const page: RowToWrite[] = [];
  let [lookedAt, bytes] = [0, 0];
  let next: RowToWrite | undefined;
  for (const row of table.range(start, end, tables.nowMs())) {
    const chosen = select(table, row, selection);
    // A rejected row counts with its whole size. Our own choice.
    const size = rowBytes(chosen ?? select(table, row, {})!);
    const isFull = page.length >= limit || lookedAt >= MAX_RANGE_ROWS;
    // The first row is returned however large it is. Otherwise the reader would never get past it.
    if (isFull || (lookedAt > 0 && bytes + size > MAX_RANGE_BYTES)) {
      next = keyOf(table, row);
      break;
    }
    lookedAt += 1;
    bytes += size;
    if (chosen !== undefined) page.push(chosen);
  }
  return messages.GetRangeResponse.encode({
    consumed: consumedByRead(bytes),
    rows: encodeRows(page),
    ...(next !== undefined && { nextStartPrimaryKey: encodeRows([next]) }),
  }).finish();
};

function bounds(
  table: Table,
  request: {
    readonly direction: number;
    readonly inclusiveStartPrimaryKey: Uint8Array;
    readonly exclusiveEndPrimaryKey: Uint8Array;
  },
): { readonly start: string; readonly end: string } {
  const keyOfBytes = (bytes: Uint8Array) =>
    sortKey(keyBounds(table.primaryKey, parseKeyCells(bytes)));
  const start = keyOfBytes(request.inclusiveStartPrimaryKey);
  const end = keyOfBytes(request.exclusiveEndPrimaryKey);
  switch (request.direction) {
    case FORWARD:
      if (start >= end) throw invalid('Begin key must less than end key in FORWARD.');
      return { start, end };
    case BACKWARD:
      if (start <= end) throw invalid('Begin key must more than end key in BACKWARD.');
      return { start, end };
    default:
      throw invalid(`Invalid direction: ${request.direction}.`);
  }
}
