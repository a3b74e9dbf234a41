import type { LatchkeyError } from '../../domain/model/errors.ts';
import type { Log } from '../../domain/model/ports.ts';
import { isPassing, type Pause, realPause, tryEach, tryOne } from '../tries.ts';
import {
  type RangePage,
  readBatch,
  readGetRange,
  readGetRow,
  readWriteRow,
  type RowAnswer,
} from './answers.ts';
import { checkLimits, MAX_READ_ROWS, MAX_WRITE_ROWS } from './limits.ts';
import type { PrimaryKey, Row, RowWrite } from './model.ts';
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
import { type Operation, rowError, type RpcOptions, tablestoreRpc } from './rpc.ts';

export type Write<K extends RowWrite['kind']> = Extract<RowWrite, { kind: K }>;

export interface WriteOptions {
  /**
   * The caller says that the write does no harm when it is carried out twice, and that it can tell
   * a condition that failed because of the first time. Then it is repeated also when nobody knows
   * what became of it.
   */
  readonly idempotent: boolean;
}

/**
 * A small client for tables whose columns hold strings and safe integers in one version.
 *
 * Reads are tried up to three times. So are writes that certainly did nothing (throttled, no
 * connection), and after any passing failure those that the caller calls idempotent. Every method
 * rejects with `LatchkeyError`: `conflict` with `vendorCode` `OTSConditionCheckFail` when a
 * condition did not hold, `too-large` when a limit of Tablestore is passed.
 */
export interface TablestoreClient {
  getRow(read: RowRead): Promise<Row | undefined>;
  putRow(table: string, write: Write<'put'>, options: WriteOptions): Promise<void>;
  updateRow(table: string, write: Write<'update'>, options: WriteOptions): Promise<void>;
  deleteRow(table: string, write: Write<'delete'>, options: WriteOptions): Promise<void>;
  /**
   * At most 100 keys, each once.
   *
   * @returns for each key, in order, its row, undefined when there is none, or why it was not read
   */
  batchGetRow(read: RowsRead): Promise<(Row | undefined | LatchkeyError)[]>;
  /**
   * At most 200 rows, each once. One row's failure does not stop the others.
   *
   * @returns for each row, in order, undefined when it was written, or why not
   */
  batchWriteRow(
    table: string,
    writes: readonly RowWrite[],
    options: WriteOptions,
  ): Promise<(undefined | LatchkeyError)[]>;
  getRange(read: RangeRead): Promise<RangePage>;
}

export interface TablestoreOptions extends RpcOptions {
  readonly log: Log;
  readonly pause?: Pause;
}

/** @throws {TypeError} for an endpoint that cannot be used */
export function tablestoreClient(options: TablestoreOptions): TablestoreClient {
  const { log, pause = realPause } = options;
  const call = tablestoreRpc(options);

  const tries = (operation: Operation, table: string, { idempotent }: WriteOptions) => ({
    pause,
    mayRepeat: (error: LatchkeyError) =>
      isPassing(error) && (idempotent || error.traits.certainty === 'nothing-done'),
    onRepeat: (error: LatchkeyError, nextTry: number, count: number) =>
      log('warn', 'tablestore.repeat', { operation, table, nextTry, count, error: error.message }),
  });
  const READ: WriteOptions = { idempotent: true };

  async function writeRow(
    operation: Operation,
    table: string,
    write: RowWrite,
    how: WriteOptions,
  ): Promise<void> {
    const body = writeRowRequest(table, write);
    checkLimits([write], body);
    await tryOne(tries(operation, table, how), () => call(operation, body, readWriteRow));
  }

  const rowsOf = (operation: Operation, answers: readonly RowAnswer[]) =>
    answers.map((answer) =>
      answer.kind === 'ok' ? { row: answer.row } : rowError(operation, answer.error),
    );

  return {
    getRow: (read) =>
      tryOne(tries('GetRow', read.table, READ), () =>
        call('GetRow', getRowRequest(read), readGetRow),
      ),
    putRow: (table, write, how) => writeRow('PutRow', table, write, how),
    updateRow: (table, write, how) => writeRow('UpdateRow', table, write, how),
    deleteRow: (table, write, how) => writeRow('DeleteRow', table, write, how),
    async batchGetRow(read) {
      const { table, columns } = read;
      checkCount(read.keys.length, MAX_READ_ROWS);
      const results = await tryEach<PrimaryKey, { row: Row | undefined }>(
        read.keys,
        tries('BatchGetRow', table, READ),
        async (keys) => {
          const body = batchGetRowRequest({ table, keys, ...(columns && { columns }) });
          const answers = await call('BatchGetRow', body, (bytes) =>
            readBatch(bytes, table, keys.length),
          );
          return rowsOf('BatchGetRow', answers);
        },
      );
      return results.map((result) => ('row' in result ? result.row : result));
    },
    async batchWriteRow(table, writes, how) {
      checkCount(writes.length, MAX_WRITE_ROWS);
      const results = await tryEach<RowWrite, { row: Row | undefined }>(
        writes,
        tries('BatchWriteRow', table, how),
        async (open) => {
          const body = batchWriteRowRequest(table, open);
          checkLimits(open, body);
          const answers = await call('BatchWriteRow', body, (bytes) =>
            readBatch(bytes, table, open.length),
          );
          return rowsOf('BatchWriteRow', answers);
        },
      );
      return results.map((result) => ('row' in result ? undefined : result));
    },
    getRange: (read) =>
      tryOne(tries('GetRange', read.table, READ), () =>
        call('GetRange', getRangeRequest(read), readGetRange),
      ),
  };
}

function checkCount(count: number, most: number): void {
  if (count > most) throw new RangeError(`Cannot ask for ${count} rows: more than ${most}`);
}
