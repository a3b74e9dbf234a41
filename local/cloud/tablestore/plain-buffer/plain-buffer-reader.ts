import TableStore from 'tablestore';
import { ByteReader } from './byte-reader.ts';
import { invalid } from '../errors.ts';
import { readTyped } from './plain-buffer-value.ts';
import type { WireValue } from '../rows/value.ts';

const C = TableStore.plainBufferConsts;
const crc8 = TableStore.plainBufferCrc8;

export interface WireCell {
  readonly name: string;
  readonly value?: WireValue;
  /** `DELETE_ALL_VERSION`, `DELETE_ONE_VERSION` or `INCREMENT` of the package's constants. */
  readonly op?: number;
  readonly timestampMs?: bigint;
}

export interface WireRow {
  readonly primaryKey: readonly WireCell[];
  readonly cells: readonly WireCell[];
  readonly deleteMarker: boolean;
}

/**
 * Reads one row in PlainBuffer format:
 * https://github.com/AlibabaCloudDocs/ots (API Reference, PlainBuffer)
 *
 * The reader of the package `tablestore` is not used: it cannot read the type of an update cell, and it moves
 * backwards on a negative length.
 *
 * @throws {OtsError} for any unexpected byte and for a wrong checksum of a cell or of the row
 */
export function decodeRow(bytes: Uint8Array): WireRow {
  const reader = new ByteReader(bytes);
  const header = reader.int32();
  if (header !== C.HEADER) {
    throw invalid(`Cell data broken, mismatch header, actual: ${header} , expect: ${C.HEADER}.`);
  }
  let crc = 0;
  const section = (tag: number, whenEmpty: string): WireCell[] => {
    const cells: WireCell[] = [];
    if (reader.peek() !== tag) return cells;
    reader.byte();
    while (reader.peek() === C.TAG_CELL) {
      const { cell, checksum } = readCell(reader);
      cells.push(cell);
      crc = crc8.crcInt8(crc, checksum);
    }
    if (cells.length === 0) throw invalid(whenEmpty);
    return cells;
  };
  const primaryKey = section(C.TAG_ROW_PK, 'Cell data broken, no PK follow PKTag.');
  if (primaryKey.length === 0) throw invalid('Cell data broken, PK is empty.');
  const cells = section(C.TAG_ROW_DATA, 'Cell data broken, no Cells follow CellTag.');
  const deleteMarker = reader.peek() === C.TAG_DELETE_ROW_MARKER;
  if (deleteMarker) reader.byte();
  crc = crc8.crcInt8(crc, deleteMarker ? 1 : 0);

  if (reader.atEnd || reader.byte() !== C.TAG_ROW_CHECKSUM) {
    throw invalid('Invalid row: missing checksum.');
  }
  checkCrc(reader.byte(), crc);
  // The official package allocates too large a buffer for infinities and timestamps and sends the rest of it,
  // so zeros after the row must be accepted.
  while (reader.peek() === 0) reader.byte();
  if (!reader.atEnd) {
    throw invalid("Cell data broken, has more data in cell, but they can't be parsed.");
  }
  return { primaryKey, cells, deleteMarker };
}

function readCell(reader: ByteReader): { cell: WireCell; checksum: number } {
  reader.byte();
  if (reader.byte() !== C.TAG_CELL_NAME) throw invalid('Cell data broken, attr has no name.');
  const nameBytes = reader.take(reader.int32());
  const name = nameBytes.toString();
  let crc = crc8.crcString(0, nameBytes);
  let cell: WireCell = { name };
  if (reader.peek() === C.TAG_CELL_VALUE) {
    reader.byte();
    const size = reader.int32();
    const typed = readTyped(reader, crc);
    if (typed.size !== size) {
      throw invalid(`Cell data broken, wrong string format, size: ${size}.`);
    }
    cell = { ...cell, value: typed.value };
    crc = typed.crc;
  }
  let op: number | undefined;
  if (reader.peek() === C.TAG_CELL_TYPE) {
    reader.byte();
    op = reader.byte();
    cell = { ...cell, op };
  }
  if (reader.peek() === C.TAG_CELL_TIMESTAMP) {
    reader.byte();
    const timestamp = reader.take(8);
    cell = { ...cell, timestampMs: timestamp.readBigInt64LE() };
    crc = crc8.crcString(crc, timestamp);
  }
  // The checksum covers the timestamp before the type, although the timestamp is written after it.
  if (op !== undefined) crc = crc8.crcInt8(crc, op);
  if (reader.atEnd || reader.byte() !== C.TAG_CELL_CHECKSUM) {
    throw invalid(`Invalid Column(${name}): missing checksum.`);
  }
  checkCrc(reader.byte(), crc);
  return { cell, checksum: crc };
}

function checkCrc(theirs: number, ours: number): void {
  if (theirs !== ours) {
    throw invalid(`Cell data broken, checksum is mismatch, ${theirs} : ${ours}.`);
  }
}
