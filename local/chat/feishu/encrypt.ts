import { createCipheriv, createHash, randomBytes } from 'node:crypto';

/**
 * AES-256-CBC. The key is the SHA-256 of the Encrypt Key; the initialization vector precedes the ciphertext.
 * https://open.feishu.cn/document/ukTMukTMukTM/uYDNxYjL2QTM24iN0EjN/event-subscription-configure-/encrypt-key-encryption-configuration-case
 */
export function encrypt(encryptKey: string, text: string, iv: Buffer = randomBytes(16)): string {
  const key = createHash('sha256').update(encryptKey).digest();
  const cipher = createCipheriv('aes-256-cbc', key, iv);
  return Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final()]).toString('base64');
}

/** Headers of an event. The signature is a plain hash, not an HMAC: the same page. */
export function larkHeaders(
  encryptKey: string,
  timestampSec: number,
  nonce: string,
  body: string,
): Record<string, string> {
  const signature = createHash('sha256')
    .update(`${timestampSec}${nonce}${encryptKey}${body}`)
    .digest('hex');
  return {
    'content-type': 'application/json; charset=utf-8',
    'x-lark-request-timestamp': String(timestampSec),
    'x-lark-request-nonce': nonce,
    'x-lark-signature': signature,
  };
}
