/** The wire types in use: https://protobuf.dev/programming-guides/encoding/#structure */
const WIRE = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;
/** A varint of 64 bits. */
const MAX_VARINT_BYTES = 10;

/**
 * The fields of one message by number. Unknown fields are ignored.
 *
 * @throws {Unreadable} in the constructor for bytes that are not a message; in the methods for a required field
 * that is missing or has another type
 */
export class Message {
  readonly #fields = new Map<number, (number | Buffer)[]>();

  constructor(bytes: Buffer) {
    let at = 0;
    const take = (length: number): Buffer => {
      if (at + length > bytes.length) throw new Unreadable('a message is cut off');
      at += length;
      return bytes.subarray(at - length, at);
    };
    const varint = (): number => {
      let value = 0;
      for (let i = 0; i < MAX_VARINT_BYTES; i++) {
        const byte = take(1)[0]!;
        value += (byte & 0x7f) * 2 ** (7 * i);
        if (byte < 0x80) return value;
      }
      throw new Unreadable('a number is too long');
    };
    while (at < bytes.length) {
      const mark = varint();
      const [field, wire] = [Math.floor(mark / 8), mark % 8];
      if (field === 0) throw new Unreadable('a field has number 0');
      const values = this.#fields.get(field) ?? [];
      this.#fields.set(field, values);
      if (wire === WIRE.varint) values.push(varint());
      else if (wire === WIRE.bytes) values.push(take(varint()));
      else if (wire === WIRE.fixed64) take(8);
      else if (wire === WIRE.fixed32) take(4);
      else throw new Unreadable(`field ${field} has wire type ${wire}`);
    }
  }

  /** Every value of a repeated field of bytes, text or messages. */
  all(field: number): Buffer[] {
    return (this.#fields.get(field) ?? []).map((value) => {
      if (typeof value === 'number') throw new Unreadable(`field ${field} is a number`);
      return value;
    });
  }

  optional(field: number): Buffer | undefined {
    return this.all(field).at(-1);
  }

  required(field: number): Buffer {
    const value = this.optional(field);
    if (value === undefined) throw new Unreadable(`field ${field} is missing`);
    return value;
  }

  /** Exact up to 2^53. A negative number is returned as 2^63 or more. */
  requiredNumber(field: number): number {
    const value = this.#fields.get(field)?.at(-1);
    if (typeof value !== 'number') throw new Unreadable(`field ${field} is not a number`);
    return value;
  }

  requiredBool(field: number): boolean {
    return this.requiredNumber(field) !== 0;
  }
}

/** Bytes that do not follow the protocol. Used inside the client only, which turns it into `unavailable`. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
}
