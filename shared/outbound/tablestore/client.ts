import type { LatchkeyError } from '../../domain/model/errors.ts';
import type { Log } from '../../domain/model/ports.ts';
import { type Pause, realPause, tryEach, tryOne } from '../tries.ts';
import { type RangePage, readBatch, readGetRange, readGetRow, readWriteRow } from './answers.ts';
import { tablestoreError } from './errors.ts';
import { checkLimits, MAX_READ_ROWS, MAX_WRITE_ROWS } from './limits.ts';
import type { Row, RowWrite } from './model.ts';
import {
  batchGetRowRequest,
  batchWriteRowRequest,
  getRangeRequest,
  getRowRequest,
  type RangeRead,
  type RowRead,
  type RowsRead,
  writeRowRequest,
} from './requests.ts';
import { type Operation, type RpcOptions, tablestoreRpc } from './rpc.ts';

/**
 * A small client for tables whose columns hold strings and safe integers in one version.
 *
 * Every call is tried up to three times while its failure may be temporary. **A write may therefore be
 * carried out twice**, also when its first answer was lost. Callers write only what is safe to repeat, and
 * expect that a condition can fail because the first try has succeeded.
 *
 * Every method rejects with `LatchkeyError`: `conflict` with `vendorCode` `OTSConditionCheckFail` when a
 * condition does not hold, `too-large` when a limit of Tablestore is exceeded.
 */
export interface TablestoreClient {
  getRow(read: RowRead): Promise<Row | undefined>;
  writeRow(table: string, write: RowWrite): Promise<void>;
  /**
   * Reads at most 100 keys, each once.
   *
   * @returns for each key, in order: its row, undefined when there is none, or why it was not read
   */
  batchGetRow(read: RowsRead): Promise<(Row | undefined | LatchkeyError)[]>;
  /**
   * Writes at most 200 rows, each once. One failed row does not stop the others.
   *
   * @returns for each row, in order: undefined when it was written, or why not
   */
  batchWriteRow(table: string, writes: readonly RowWrite[]): Promise<(undefined | LatchkeyError)[]>;
  /** Reads one page. */
  getRange(read: RangeRead): Promise<RangePage>;
}

const WRITE_OPERATION = { put: 'PutRow', update: 'UpdateRow', delete: 'DeleteRow' } as const;

export interface TablestoreOptions extends RpcOptions {
  readonly log: Log;
  readonly pause?: Pause;
}

/** @throws {TypeError} for an endpoint that cannot be used */
export function tablestoreClient(options: TablestoreOptions): TablestoreClient {
  const { log, pause = realPause } = options;
  const call = tablestoreRpc(options);

  const tries = (operation: Operation, table: string) => ({
    pause,
    onRepeat: (error: LatchkeyError, nextTry: number, count: number) =>
      log('warn', 'tablestore.repeat', { operation, table, nextTry, count, error: error.message }),
  });

  /** One call for all items, repeated for those that failed for a moment. */
  const batch = <I>(
    operation: Operation,
    table: string,
    items: readonly I[],
    bodyFor: (open: readonly I[]) => Buffer,
  ) =>
    tryEach<I, { row: Row | undefined }>(items, tries(operation, table), async (open) => {
      const answers = await call(operation, bodyFor(open), (bytes) =>
        readBatch(bytes, table, open.length),
      );
      return answers.map((answer) =>
        answer.kind === 'ok' ? { row: answer.row } : tablestoreError(operation, answer.error),
      );
    });

  return {
    getRow: (read) =>
      tryOne(tries('GetRow', read.table), () => call('GetRow', getRowRequest(read), readGetRow)),
    async writeRow(table, write) {
      const operation = WRITE_OPERATION[write.kind];
      const body = writeRowRequest(table, write);
      checkLimits([write], body);
      await tryOne(tries(operation, table), () => call(operation, body, readWriteRow));
    },
    async batchGetRow({ table, keys, columns }) {
      checkCount(keys.length, MAX_READ_ROWS);
      const results = await batch('BatchGetRow', table, keys, (open) =>
        batchGetRowRequest({ table, keys: open, ...(columns && { columns }) }),
      );
      return results.map((result) => ('row' in result ? result.row : result));
    },
    async batchWriteRow(table, writes) {
      checkCount(writes.length, MAX_WRITE_ROWS);
      const results = await batch('BatchWriteRow', table, writes, (open) => {
        const body = batchWriteRowRequest(table, open);
        checkLimits(open, body);
        return body;
      });
      return results.map((result) => ('row' in result ? undefined : result));
    },
    getRange: (read) =>
      tryOne(tries('GetRange', read.table), () =>
        call('GetRange', getRangeRequest(read), readGetRange),
      ),
  };
}

function checkCount(count: number, most: number): void {
  if (count > most) throw new RangeError(`Cannot ask for ${count} rows: more than ${most}`);
}
