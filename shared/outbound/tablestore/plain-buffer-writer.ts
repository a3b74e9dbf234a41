import { crc8, crc8Byte } from './crc8.ts';
import type { Columns, PrimaryKey, RangeEnd, RowWrite } from './model.ts';
import { DELETE_ALL_VERSIONS, HEADER, TAG } from './plain-buffer-tags.ts';
import { valueBytes } from './values.ts';

/** Most rows of ours have less, and a rollout's grows. Our own choice. */
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

  cell(name: string, value: Buffer | undefined, type?: number): void {
    this.#byte(TAG.cell);
    this.#byte(TAG.cellName);
    let checksum = this.#text(name);
    if (value !== undefined) {
      checksum = crc8(checksum, value);
      this.#byte(TAG.cellValue);
      this.#uint32(value.length);
      this.#makeRoom(value.length);
      this.#length += value.copy(this.#bytes, this.#length);
    }
    if (type !== undefined) {
      checksum = crc8Byte(checksum, type);
      this.#byte(TAG.cellType);
      this.#byte(type);
    }
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

  /** In one buffer that doubles: a buffer of its own for each of a cell's eight parts costs the most. */
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

  /** Its length and its UTF-8. @returns the checksum of the latter */
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
  return begun(key).end(false);
}

/**
 * A row as PutRow, UpdateRow and DeleteRow send it.
 *
 * @throws {RangeError} for a number that is not a safe integer
 */
export function rowBytes(write: RowWrite): Buffer {
  const row = begun(write.key);
  switch (write.kind) {
    case 'put':
      puts(row, write.columns);
      return row.end(false);
    case 'update': {
      const { deletes = [] } = write;
      puts(row, write.puts, deletes);
      for (const name of deletes) row.cell(name, undefined, DELETE_ALL_VERSIONS);
      return row.end(false);
    }
    case 'delete':
      return row.end(true);
  }
}

function begun(key: PrimaryKey | RangeEnd): RowBytes {
  const row = new RowBytes();
  row.tag(TAG.rowKey);
  for (const [name, value] of key) row.cell(name, valueBytes(value));
  return row;
}

function puts(row: RowBytes, columns: Columns, deletes: readonly string[] = []): void {
  if (columns.size === 0 && deletes.length === 0) return;
  row.tag(TAG.rowData);
  for (const [name, value] of columns) row.cell(name, valueBytes(value));
}
