/**
 * The part of protocol buffers that we use: https://protobuf.dev/programming-guides/encoding/
 * Each function returns one complete field. A message is the concatenation of its fields.
 */

export function uintField(field: number, value: number): Buffer {
  return Buffer.from([...varint(field * 8), ...varint(value)]);
}

/** A number that may be negative. A negative one takes 64 bits, whatever the type of the field. */
export function intField(field: number, value: number): Buffer {
  if (value >= 0) return uintField(field, value);
  const bytes: number[] = [];
  for (let rest = BigInt.asUintN(64, BigInt(value)); ; rest >>= 7n) {
    const low = Number(rest & 0x7fn);
    if (rest <= 0x7fn) return Buffer.from([...varint(field * 8), ...bytes, low]);
    bytes.push(low + 0x80);
  }
}

export function boolField(field: number, value: boolean): Buffer {
  return uintField(field, value ? 1 : 0);
}

export function bytesField(field: number, value: Buffer): Buffer {
  return Buffer.concat([Buffer.from([...varint(field * 8 + 2), ...varint(value.length)]), value]);
}

export function textField(field: number, value: string): Buffer {
  return bytesField(field, Buffer.from(value, 'utf8'));
}

export function messageField(field: number, fields: readonly Buffer[]): Buffer {
  return bytesField(field, Buffer.concat(fields));
}

/** @param value a whole number from 0 */
function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 0x7f) {
    bytes.push((rest % 0x80) + 0x80);
    rest = Math.floor(rest / 0x80);
  }
  bytes.push(rest);
  return bytes;
}
