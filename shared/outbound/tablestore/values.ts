import { type ColumnValue, INF_MAX, INF_MIN } from './model.ts';

/**
 * A value in PlainBuffer, without the leading length: the type, then 8 bytes of integer, or length and UTF-8.
 * Conditions hold values in the same form.
 *
 * @throws {RangeError} for a number that is not a safe integer
 */
export function valueBytes(value: ColumnValue | typeof INF_MIN | typeof INF_MAX): Buffer {
  if (value === INF_MIN) return Buffer.of(VALUE.infMin);
  if (value === INF_MAX) return Buffer.of(VALUE.infMax);
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) {
      throw new RangeError(`Cannot store number "${value}": not a safe integer`);
    }
    const bytes = Buffer.allocUnsafe(9);
    bytes[0] = VALUE.integer;
    bytes.writeBigInt64LE(BigInt(value), 1);
    return bytes;
  }
  const length = Buffer.byteLength(value, 'utf8');
  const bytes = Buffer.allocUnsafe(5 + length);
  bytes[0] = VALUE.string;
  bytes.writeUInt32LE(length, 1);
  bytes.write(value, 5, 'utf8');
  return bytes;
}

/**
 * The tags of PlainBuffer, the format in which Tablestore writes rows:
 * https://www.alibabacloud.com/help/en/tablestore/developer-reference/plainbuffer
 */
export const HEADER = 0x75;

export const TAG = {
  rowKey: 0x01,
  rowData: 0x02,
  cell: 0x03,
  cellName: 0x04,
  cellValue: 0x05,
  cellTimestamp: 0x07,
  deleteRow: 0x08,
  rowChecksum: 0x09,
  cellChecksum: 0x0a,
} as const;

export const VALUE = { integer: 0x00, string: 0x03, infMin: 0x09, infMax: 0x0a } as const;
