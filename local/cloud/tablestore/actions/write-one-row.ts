import type { RowAnswer, WriteOptions } from 'tablestore/lib/protocol/tablestore_compiled_proto.js';
import { unsupported } from '../errors.ts';
import { has } from '../proto.ts';
import { parseRowWrite, type RowWrite } from '../rows/row-write.ts';
import { carryOut, prepare } from '../rows/write-answer.ts';
import type { Tables } from '../tables/tables.ts';

/** Carries out `PutRow`, `UpdateRow` or `DeleteRow`. @throws {OtsError} */
export function writeOneRow(
  tables: Tables,
  kind: RowWrite['kind'],
  request: WriteOptions & { readonly tableName: string },
  row: Uint8Array,
): RowAnswer {
  if (has(request, 'transactionId')) throw unsupported('local transactions');
  const table = tables.get(request.tableName);
  const nowMs = tables.nowMs();
  const write = parseRowWrite(kind, table, row, nowMs);
  return carryOut(prepare(table, write, request), nowMs);
}
