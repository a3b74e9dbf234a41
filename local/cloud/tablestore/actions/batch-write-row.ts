import { invalid, OtsError, unsupported } from '../errors.ts';
import { MAX_BATCH_WRITE_ROWS, MAX_WRITE_BYTES } from '../limits.ts';
import { has, messages, parse } from '../proto.ts';
import { parseRowWrite } from '../rows/row-write.ts';
import { carryOut, prepare, type PreparedWrite } from '../rows/write-answer.ts';
import type { Action } from './action.ts';
import { answerOf, tablesOf } from './batch-row.ts';

/** The numbers of OperationType. */
const KINDS = { 1: 'put', 2: 'update', 3: 'delete' } as const;

/**
 * Writes each row on its own, in the order given. A row that fails stops no other. An error that can be found
 * without reading the table refuses the whole batch, except a wrong primary key (as with BatchGetRow).
 */
export const batchWriteRow: Action = (tables, body) => {
  const request = parse(messages.BatchWriteRowRequest, body);
  if (has(request, 'transactionId')) throw unsupported('local transactions');
  const count = request.tables.reduce((sum, { rows }) => sum + rows.length, 0);
  if (count === 0) throw invalid('No row is specified in BatchWriteRow.');
  const empty = request.tables.find(({ rows }) => rows.length === 0);
  if (empty !== undefined) {
    throw invalid(`No operation is specified for table: '${empty.tableName}'.`);
  }
  if (count > MAX_BATCH_WRITE_ROWS) {
    throw invalid(`Rows count exceeds the upper limit: ${MAX_BATCH_WRITE_ROWS}.`);
  }
  const found = tablesOf(tables, request.tables);
  const nowMs = tables.nowMs();

  const prepared = request.tables.map(({ rows }, i) =>
    rows.map((row): PreparedWrite | OtsError => {
      const kind = KINDS[row.type as keyof typeof KINDS];
      if (kind === undefined) throw invalid('The modify type is invalid.');
      try {
        const table = found[i]!;
        return prepare(table, parseRowWrite(kind, table, row.rowChange, nowMs), row);
      } catch (error) {
        if (error instanceof OtsError && error.vendor.code === 'OTSInvalidPK') return error;
        throw error;
      }
    }),
  );
  checkWhole(prepared);

  return messages.BatchWriteRowResponse.encode({
    tables: request.tables.map(({ tableName }, i) => ({
      tableName,
      rows: prepared[i]!.map((row) =>
        answerOf(() => {
          if (row instanceof OtsError) throw row;
          return carryOut(row, nowMs);
        }),
      ),
    })),
  }).finish();
};

function checkWhole(prepared: readonly (readonly (PreparedWrite | OtsError)[])[]): void {
  let bytes = 0;
  for (const rows of prepared) {
    const seen = new Map<string, PreparedWrite>();
    for (const row of rows) {
      if (row instanceof OtsError) continue;
      bytes += row.write.bytes;
      const other = seen.get(row.write.key);
      if (other !== undefined) throw repeated(row, other);
      seen.set(row.write.key, row);
    }
  }
  if (bytes > MAX_WRITE_BYTES) {
    throw invalid(
      `The total data size of BatchWriteRow request exceeds the limit, limit size: ${MAX_WRITE_BYTES}, data size: ${bytes}.`,
    );
  }
}

/** The page of BatchWriteRow refuses repeated rows. The table of error codes has three texts for it. */
function repeated(...rows: readonly PreparedWrite[]): OtsError {
  if (rows.some(({ expected }) => expected.existence !== 'ignore')) {
    return invalid('Repeated rows do not support row exist expectation check in BatchModify.');
  }
  if (rows.some(({ expected }) => expected.columns !== undefined)) {
    return invalid('Repeated rows do not support row condition check in BatchModify.');
  }
  return invalid('Duplicate rows detected in MultiPut.');
}
