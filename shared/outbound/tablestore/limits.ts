import { LatchkeyError } from '../../domain/model/errors.ts';
import type { RowWrite } from './model.ts';

/** https://www.alibabacloud.com/help/en/tablestore/limits-on-widecolumn-model */
export const MAX_READ_ROWS = 100;
export const MAX_WRITE_ROWS = 200;
export const MAX_WRITE_COLUMNS = 1_024;
export const MAX_WRITE_BYTES = 4 * 1024 * 1024;
const MAX_VALUE_BYTES = 2 * 1024 * 1024;

/**
 * Checks a request against Tablestore's limits before it is sent.
 *
 * @param body the request, which is a little larger than the data that Tablestore counts
 * @throws {LatchkeyError} `too-large`
 */
export function checkLimits(writes: readonly RowWrite[], body: Buffer): void {
  const refuse = (why: string) => new LatchkeyError('too-large', `Cannot write a row: ${why}`);
  if (body.length > MAX_WRITE_BYTES) {
    throw refuse(`${body.length} bytes, more than ${MAX_WRITE_BYTES}`);
  }
  for (const write of writes) {
    if (write.kind === 'delete') continue;
    const { columns } = write;
    if (columns.size > MAX_WRITE_COLUMNS) {
      throw refuse(`${columns.size} columns, more than ${MAX_WRITE_COLUMNS}`);
    }
    for (const [name, value] of columns) {
      if (typeof value === 'string' && Buffer.byteLength(value) > MAX_VALUE_BYTES) {
        throw refuse(`column "${name}" is larger than ${MAX_VALUE_BYTES} bytes`);
      }
    }
  }
}
