import { createDecipheriv } from 'node:crypto';

/** As in RFC 4648. Node ignores characters that are not base64. */
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const AES_BLOCK_BYTES = 16;

/** @returns undefined if the text is not the base64 of whole blocks */
export function blocksOf(base64: string): Buffer | undefined {
  if (!BASE64.test(base64)) return undefined;
  const bytes = Buffer.from(base64, 'base64');
  return bytes.length > 0 && bytes.length % AES_BLOCK_BYTES === 0 ? bytes : undefined;
}

/**
 * AES-256-CBC with PKCS#7. It is not authenticated: unless the sender was verified before, the result may be anything.
 *
 * @param padTo the block size, in bytes, that the text was padded to. DingTalk pads to 32
 * @returns undefined if the padding is wrong: the text was encrypted with another key, or not at all
 */
export function decryptCbc(options: {
  readonly key: Buffer;
  readonly iv: Buffer;
  readonly bytes: Buffer;
  readonly padTo: 16 | 32;
}): Buffer | undefined {
  const { key, iv, bytes, padTo } = options;
  const decipher = createDecipheriv('aes-256-cbc', key, iv).setAutoPadding(false);
  const padded = Buffer.concat([decipher.update(bytes), decipher.final()]);
  const pad = padded.at(-1) ?? 0;
  if (pad < 1 || pad > padTo || pad > padded.length) return undefined;
  const padding = padded.subarray(padded.length - pad);
  return padding.every((byte) => byte === pad)
    ? padded.subarray(0, padded.length - pad)
    : undefined;
}
