import { crc8, crc8Byte } from './crc8.ts';
import type { Columns, PrimaryKey, RangeEnd, RowWrite } from './model.ts';
import { DELETE_ALL_VERSIONS, HEADER, TAG } from './plain-buffer-tags.ts';
import { valueBytes } from './values.ts';

/** Collects one row's bytes and its checksum, which is the CRC-8 over the checksums of its cells. */
class RowBytes {
  readonly #chunks: Buffer[] = [uint32(HEADER)];
  #checksum = 0;

  tag(tag: number): void {
    this.#chunks.push(Buffer.of(tag));
  }

  cell(name: string, value: Buffer | undefined, type?: number): void {
    const nameBytes = Buffer.from(name, 'utf8');
    let checksum = crc8(0, nameBytes);
    this.#chunks.push(Buffer.of(TAG.cell, TAG.cellName), uint32(nameBytes.length), nameBytes);
    if (value !== undefined) {
      checksum = crc8(checksum, value);
      this.#chunks.push(Buffer.of(TAG.cellValue), uint32(value.length), value);
    }
    if (type !== undefined) {
      checksum = crc8Byte(checksum, type);
      this.#chunks.push(Buffer.of(TAG.cellType, type));
    }
    this.#chunks.push(Buffer.of(TAG.cellChecksum, checksum));
    this.#checksum = crc8Byte(this.#checksum, checksum);
  }

  end(deletesRow: boolean): Buffer {
    if (deletesRow) this.tag(TAG.deleteRow);
    const checksum = crc8Byte(this.#checksum, deletesRow ? 1 : 0);
    this.#chunks.push(Buffer.of(TAG.rowChecksum, checksum));
    return Buffer.concat(this.#chunks);
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

function uint32(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32LE(value, 0);
  return bytes;
}
