import { isUtf8 } from 'node:buffer';
import TableStore from 'tablestore';
import { ByteReader } from './byte-reader.ts';
import { invalid } from '../errors.ts';
import { type ColumnValue, isColumnValue, type WireValue } from '../rows/value.ts';

const C = TableStore.plainBufferConsts;
const crc8 = TableStore.plainBufferCrc8;

/** Type and data of a value, their length in bytes, and the checksum including them. */
export function readTyped(
  reader: ByteReader,
  crcBefore: number,
): { value: WireValue; size: number; crc: number } {
  const type = reader.byte();
  const crc = crc8.crcInt8(crcBefore, type);
  switch (type) {
    case C.VT_INTEGER: {
      const data = reader.take(8);
      const value = { kind: 'integer', value: data.readBigInt64LE() } as const;
      return { value, size: 9, crc: crc8.crcString(crc, data) };
    }
    case C.VT_DOUBLE: {
      const data = reader.take(8);
      const double = data.readDoubleLE();
      if (Number.isNaN(double)) throw invalid("NaN can't be set to double value.");
      if (!Number.isFinite(double)) throw invalid("Infinity can't be set to double value.");
      return { value: { kind: 'double', value: double }, size: 9, crc: crc8.crcString(crc, data) };
    }
    case C.VT_BOOLEAN: {
      const data = reader.byte();
      return {
        value: { kind: 'boolean', value: data !== 0 },
        size: 2,
        crc: crc8.crcInt8(crc, data),
      };
    }
    case C.VT_STRING:
    case C.VT_BLOB: {
      const length = reader.take(4);
      const data = reader.take(length.readInt32LE());
      if (type === C.VT_STRING && !isUtf8(data)) {
        throw invalid('Cell data broken, value must be UTF8 encoding.');
      }
      const value: WireValue =
        type === C.VT_STRING
          ? { kind: 'string', value: data.toString() }
          : { kind: 'binary', value: Buffer.from(data) };
      return {
        value,
        size: 5 + data.length,
        crc: crc8.crcString(crc8.crcString(crc, length), data),
      };
    }
    case C.VT_INF_MIN:
      return { value: { kind: 'inf-min' }, size: 1, crc };
    case C.VT_INF_MAX:
      return { value: { kind: 'inf-max' }, size: 1, crc };
    case C.VT_AUTO_INCREMENT:
      return { value: { kind: 'auto-increment' }, size: 1, crc };
    default:
      throw invalid('data format is invalid, unknown variant type occured.');
  }
}

/** A value in the format of filters: its type, then its data. */
export function decodeFilterValue(bytes: Uint8Array): ColumnValue {
  const reader = new ByteReader(bytes);
  const { value } = readTyped(reader, 0);
  if (!reader.atEnd) throw invalid('Deserialize relation filter failed.');
  if (isColumnValue(value)) return value;
  throw invalid('data format is invalid, unknown variant type occured.');
}
