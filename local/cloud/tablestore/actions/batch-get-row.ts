import { invalid } from '../errors.ts';
import { MAX_BATCH_GET_ROWS } from '../limits.ts';
import { messages, parse } from '../proto.ts';
import { parseSelection } from '../rows/row-read.ts';
import type { Action } from './action.ts';
import { answerOf, tablesOf } from './batch-row.ts';
import { readRow } from './get-row.ts';

/**
 * Reads rows in the order of the request. A wrong primary key fails its own row only, as in the tests of the
 * official PHP SDK. Any other error fails the whole batch.
 */
export const batchGetRow: Action = (tables, body) => {
  const request = parse(messages.BatchGetRowRequest, body);
  const rows = request.tables.reduce((sum, { primaryKey }) => sum + primaryKey.length, 0);
  if (rows === 0 || request.tables.some(({ primaryKey }) => primaryKey.length === 0)) {
    throw invalid('No row specified in the request of BatchGetRow.');
  }
  if (rows > MAX_BATCH_GET_ROWS) {
    throw invalid(`Rows count exceeds the upper limit: ${MAX_BATCH_GET_ROWS}.`);
  }
  const found = tablesOf(tables, request.tables);
  const selections = request.tables.map((part) => parseSelection(part));
  for (const { primaryKey } of request.tables) {
    const keys = new Set(primaryKey.map((bytes) => Buffer.from(bytes).toString('latin1')));
    if (keys.size < primaryKey.length) throw invalid('Duplicate rows detected in MultiGet.');
  }
  const nowMs = tables.nowMs();
  return messages.BatchGetRowResponse.encode({
    tables: request.tables.map(({ tableName, primaryKey }, i) => ({
      tableName,
      rows: primaryKey.map((key) => answerOf(() => readRow(found[i]!, key, selections[i]!, nowMs))),
    })),
  }).finish();
};
