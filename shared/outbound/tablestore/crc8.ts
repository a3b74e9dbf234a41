/** CRC-8 with polynomial x⁸ + x² + x + 1 (0x07), from 0, nothing reflected: PlainBuffer's checksum. */
const TABLE = Uint8Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++)
    crc = (crc & 0x80) === 0 ? crc << 1 : ((crc << 1) ^ 0x07) & 0xff;
  return crc;
});

/** Goes on from `crc` over `bytes`. */
export function crc8(crc: number, bytes: Uint8Array): number {
  let sum = crc;
  for (const byte of bytes) sum = TABLE[sum ^ byte]!;
  return sum;
}

export function crc8Byte(crc: number, byte: number): number {
  return TABLE[(crc ^ byte) & 0xff]!;
}
