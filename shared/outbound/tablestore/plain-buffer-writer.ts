import { crc8, crc8Byte } from './crc8.ts';
import type { PrimaryKey, RangeEnd, RowWrite } from './model.ts';
import { HEADER, TAG, valueBytes } from './values.ts';

/** Most rows are smaller. The buffer of a rollout's row grows. Our own choice. */
const FIRST_BYTES = 256;

/** Collects one row's bytes and its checksum, which is the CRC-8 over the checksums of its cells. */
class RowBytes {
  #bytes = Buffer.allocUnsafe(FIRST_BYTES);
  #length = 0;
  #checksum = 0;

  constructor() {
    this.#uint32(HEADER);
  }

  tag(tag: number): void {
    this.#byte(tag);
  }

  cell(name: string, value: Buffer): void {
    this.#byte(TAG.cell);
    this.#byte(TAG.cellName);
    const checksum = crc8(this.#text(name), value);
    this.#byte(TAG.cellValue);
    this.#uint32(value.length);
    this.#makeRoom(value.length);
    this.#length += value.copy(this.#bytes, this.#length);
    this.#byte(TAG.cellChecksum);
    this.#byte(checksum);
    this.#checksum = crc8Byte(this.#checksum, checksum);
  }

  end(deletesRow: boolean): Buffer {
    if (deletesRow) this.tag(TAG.deleteRow);
    this.#byte(TAG.rowChecksum);
    this.#byte(crc8Byte(this.#checksum, deletesRow ? 1 : 0));
    return this.#bytes.subarray(0, this.#length);
  }

  /** One buffer that doubles. A separate buffer for each of a cell's parts was the largest cost. */
  #makeRoom(length: number): void {
    if (this.#length + length <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(2 * this.#bytes.length, this.#length + length));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }

  #byte(value: number): void {
    this.#makeRoom(1);
    this.#bytes[this.#length++] = value;
  }

  #uint32(value: number): void {
    this.#makeRoom(4);
    this.#length = this.#bytes.writeUInt32LE(value, this.#length);
  }

  /** Writes the length and the UTF-8 bytes. @returns the checksum of the bytes */
  #text(text: string): number {
    const length = Buffer.byteLength(text, 'utf8');
    this.#uint32(length);
    this.#makeRoom(length);
    this.#length += this.#bytes.write(text, this.#length, 'utf8');
    return crc8(0, this.#bytes.subarray(this.#length - length, this.#length));
  }
}

/** A primary key alone, or the end of a range. */
export function keyBytes(key: PrimaryKey | RangeEnd): Buffer {
  return rowWithKey(key).end(false);
}

/**
 * A row as PutRow, UpdateRow and DeleteRow send it.
 *
 * @throws {RangeError} for a number that is not a safe integer
 */
export function rowBytes(write: RowWrite): Buffer {
  const row = rowWithKey(write.key);
  if (write.kind === 'delete') return row.end(true);
  if (write.columns.size > 0) row.tag(TAG.rowData);
  for (const [name, value] of write.columns) row.cell(name, valueBytes(value));
  return row.end(false);
}

function rowWithKey(key: PrimaryKey | RangeEnd): RowBytes {
  const row = new RowBytes();
  row.tag(TAG.rowKey);
  for (const [name, value] of key) row.cell(name, valueBytes(value));
  return row;
}
