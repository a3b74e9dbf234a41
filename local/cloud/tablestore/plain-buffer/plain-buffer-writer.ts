import TableStore, { type SdkValue } from 'tablestore';
import type { ColumnValue, KeyValue } from '../rows/value.ts';

const C = TableStore.plainBufferConsts;

/** The content of one row. */
export interface RowToWrite {
  readonly primaryKey: readonly { readonly name: string; readonly value: KeyValue }[];
  readonly cells: readonly {
    readonly name: string;
    readonly value: ColumnValue;
    readonly timestampMs: number;
  }[];
}

/** The rows after one header. No bytes when there are none, as in the real service. */
export function encodeRows(rows: readonly RowToWrite[]): Buffer {
  if (rows.length === 0) return Buffer.alloc(0);
  const output = new TableStore.PlainBufferOutputStream(4 + rows.reduce((n, r) => n + size(r), 0));
  const writer = new TableStore.PlainBufferCodedOutputStream(output);
  writer.writeHeader();
  for (const { primaryKey, cells } of rows) {
    let crc = 0;
    if (primaryKey.length > 0) writer.writeTag(C.TAG_ROW_PK);
    for (const { name, value } of primaryKey) {
      crc = writer.writePrimaryKeyColumn(name, sdkValue(value), crc);
    }
    if (cells.length > 0) writer.writeTag(C.TAG_ROW_DATA);
    for (const { name, value, timestampMs } of cells) {
      crc = writer.writeColumn(name, sdkValue(value), timestampMs, crc);
    }
    writer.writeRowChecksum(TableStore.plainBufferCrc8.crcInt8(crc, 0));
  }
  return output.getBuffer().subarray(0, output.count());
}

/** The most bytes of a row: its cells, two section tags and the checksum. */
function size(row: RowToWrite): number {
  const builder = TableStore.PlainBufferBuilder;
  let bytes = 4;
  for (const { name, value } of row.primaryKey) {
    bytes += builder.computePrimaryKeyColumnSize(name, sdkValue(value));
  }
  for (const { name, value, timestampMs } of row.cells) {
    bytes += builder.computeColumnSize(name, sdkValue(value), timestampMs);
  }
  return bytes;
}

function sdkValue(value: ColumnValue): SdkValue {
  if (value.kind !== 'integer') return value.value;
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(value.value);
  return TableStore.Long.fromNumber(bytes);
}
