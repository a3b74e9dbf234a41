/** CRC-8 with polynomial x⁸ + x² + x + 1 (0x07), from 0, nothing reflected: PlainBuffer's checksum. */
const TABLE = new Uint8Array(256);
// The CRC is linear: entry 2ⁿ + k is entry 2ⁿ XOR entry k.
for (let bit = 1, crc = 0x80; bit < 256; bit <<= 1) {
  crc = (crc & 0x80) === 0 ? crc << 1 : ((crc << 1) ^ 0x07) & 0xff;
  for (let rest = 0; rest < bit; rest++) TABLE[bit + rest] = crc ^ TABLE[rest]!;
}

/** Continues the checksum `crc` over `bytes`. */
export function crc8(crc: number, bytes: Uint8Array): number {
  let sum = crc;
  for (const byte of bytes) sum = TABLE[sum ^ byte]!;
  return sum;
}

export function crc8Byte(crc: number, byte: number): number {
  return TABLE[(crc ^ byte) & 0xff]!;
}
