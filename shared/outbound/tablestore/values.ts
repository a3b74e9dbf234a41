import { type ColumnValue, INF_MAX, INF_MIN } from './model.ts';
import { VALUE } from './plain-buffer-tags.ts';

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
