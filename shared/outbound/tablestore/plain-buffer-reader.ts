import { crc8, crc8Byte } from './crc8.ts';
import type { ColumnValue, Row } from './model.ts';
import { HEADER, TAG, VALUE } from './values.ts';
import { Unreadable } from './protobuf-reader.ts';

/**
 * Reads the rows of an answer and checks every checksum. An empty buffer holds no rows.
 *
 * @throws {Unreadable} for bytes that are not PlainBuffer, for a wrong checksum, and for a type of value that
 * Latchkey never writes
 */
export function readRows(bytes: Buffer): Row[] {
  if (bytes.length === 0) return [];
  const input = new Input(bytes);
  if (input.uint32() !== HEADER) throw new Unreadable('rows do not begin with their header');
  const rows: Row[] = [];
  while (!input.atEnd()) rows.push(readRow(input));
  return rows;
}

function readRow(input: Input): Row {
  const key: [string, ColumnValue][] = [];
  const columns = new Map<string, ColumnValue>();
  let rowChecksum = 0;
  const readCell = (): readonly [string, ColumnValue] => {
    const { name, value, checksum } = cell(input);
    rowChecksum = crc8Byte(rowChecksum, checksum);
    return [name, value];
  };
  let tag = input.byte();
  if (tag === TAG.rowKey) {
    for (tag = input.byte(); tag === TAG.cell; tag = input.byte()) key.push([...readCell()]);
  }
  if (tag === TAG.rowData) {
    for (tag = input.byte(); tag === TAG.cell; tag = input.byte()) {
      const [name, value] = readCell();
      if (columns.has(name)) throw new Unreadable(`column "${name}" comes twice`);
      columns.set(name, value);
    }
  }
  if (tag !== TAG.rowChecksum) throw new Unreadable(`tag ${tag} where a row should end`);
  if (input.byte() !== crc8Byte(rowChecksum, 0)) throw new Unreadable('wrong checksum of a row');
  return { key, columns };
}

function cell(input: Input): { name: string; value: ColumnValue; checksum: number } {
  input.expect(TAG.cellName);
  const nameBytes = input.take(input.uint32());
  const name = nameBytes.toString('utf8');
  input.expect(TAG.cellValue);
  const valueBytes = input.take(input.uint32());
  let checksum = crc8(crc8(0, nameBytes), valueBytes);
  let tag = input.byte();
  if (tag === TAG.cellTimestamp) {
    checksum = crc8(checksum, input.take(8));
    tag = input.byte();
  }
  if (tag !== TAG.cellChecksum) throw new Unreadable(`tag ${tag} where a cell should end`);
  if (input.byte() !== checksum) throw new Unreadable(`wrong checksum of column "${name}"`);
  return { name, value: value(name, valueBytes), checksum };
}

function value(name: string, bytes: Buffer): ColumnValue {
  const type = bytes[0];
  if (type === VALUE.integer && bytes.length === 9) {
    const number = Number(bytes.readBigInt64LE(1));
    if (Number.isSafeInteger(number)) return number;
    throw new Unreadable(`column "${name}" holds an integer that is not safe`);
  }
  if (type === VALUE.string && bytes.length >= 5 && bytes.readUInt32LE(1) === bytes.length - 5) {
    return bytes.toString('utf8', 5);
  }
  throw new Unreadable(`column "${name}" holds a value of type ${type}, ${bytes.length} bytes`);
}

class Input {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  atEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  take(length: number): Buffer {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new Unreadable('rows are cut off');
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }

  byte(): number {
    return this.take(1)[0]!;
  }

  uint32(): number {
    return this.take(4).readUInt32LE(0);
  }

  expect(tag: number): void {
    const found = this.byte();
    if (found !== tag) throw new Unreadable(`tag ${found} instead of ${tag}`);
  }
}
