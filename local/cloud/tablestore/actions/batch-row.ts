import type { BatchRowAnswer } from 'tablestore/lib/protocol/tablestore_compiled_proto.js';
import { invalid, OtsError } from '../errors.ts';
import type { Tables } from '../tables/tables.ts';
import type { Table } from '../tables/table.ts';

/** Returns the answer of `run` for one row of a batch. A failure becomes the row's answer and stops no other row. */
export function answerOf(run: () => Omit<BatchRowAnswer, 'isOk' | 'error'>): BatchRowAnswer {
  try {
    return { isOk: true, ...run() };
  } catch (error) {
    if (!(error instanceof OtsError)) throw error;
    const { code, message } = error.vendor;
    return { isOk: false, error: { code, message } };
  }
}

/** The tables of a batch. @throws {OtsError} when one does not exist, or is named twice */
export function tablesOf(
  tables: Tables,
  named: readonly { readonly tableName: string }[],
): readonly Table[] {
  const seen = new Set<string>();
  return named.map(({ tableName }) => {
    if (seen.has(tableName)) throw invalid(`Duplicated table name: '${tableName}'.`);
    seen.add(tableName);
    return tables.get(tableName);
  });
}
