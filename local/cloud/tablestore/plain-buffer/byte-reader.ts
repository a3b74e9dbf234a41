import { invalid } from '../errors.ts';

/** Reads little-endian fields in sequence. Reading past the end throws an `OtsError`. */
export class ByteReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get atEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  /** The next byte, without consuming it; undefined at the end. */
  peek(): number | undefined {
    return this.#bytes[this.#at];
  }

  byte(): number {
    return this.take(1)[0]!;
  }

  int32(): number {
    return this.take(4).readInt32LE();
  }

  /** A view, not a copy. */
  take(size: number): Buffer {
    if (size < 0 || this.#at + size > this.#bytes.length) throw invalid('data format is invalid.');
    this.#at += size;
    return this.#bytes.subarray(this.#at - size, this.#at);
  }
}
