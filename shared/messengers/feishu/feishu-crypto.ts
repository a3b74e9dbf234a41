import { createHash } from 'node:crypto';
import { blocksOf, decryptCbc } from '../aes.ts';
import { isInTime, sameText } from '../verify.ts';

/** Seconds. */
const TIMESTAMP = /^[0-9]{10}$/;
const NONCE = /^[\x21-\x7e]{1,128}$/;
const SIGNATURE = /^[0-9a-f]{64}$/;
const IV_BYTES = 16;

/**
 * Whether Feishu signed these bytes within five minutes of now. The signature is a plain hash over
 * timestamp, nonce, key and body, not an HMAC.
 * https://open.feishu.cn/document/ukTMukTMukTM/uYDNxYjL2QTM24iN0EjN/event-subscription-configure-/encrypt-key-encryption-configuration-case
 *
 * @param request.headers names in lower case
 * @param request.body the raw bytes
 */
export function isSignedByFeishu(request: {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly encryptKey: string;
  readonly nowMs: number;
}): boolean {
  const { headers, body, encryptKey, nowMs } = request;
  const timestamp = headers['x-lark-request-timestamp'] ?? '';
  const nonce = headers['x-lark-request-nonce'] ?? '';
  const signature = headers['x-lark-signature'] ?? '';
  const isSigned = sameText(signature, feishuSignature({ timestamp, nonce, encryptKey, body }));
  const isWellFormed = TIMESTAMP.test(timestamp) && NONCE.test(nonce) && SIGNATURE.test(signature);
  return isSigned && isWellFormed && isInTime(Number(timestamp) * 1_000, nowMs);
}

/** In hex. @param of.timestamp seconds, as in the header */
export function feishuSignature(of: {
  readonly timestamp: string;
  readonly nonce: string;
  readonly encryptKey: string;
  readonly body: Uint8Array;
}): string {
  const { timestamp, nonce, encryptKey, body } = of;
  return createHash('sha256')
    .update(`${timestamp}${nonce}${encryptKey}`)
    .update(body)
    .digest('hex');
}

/**
 * AES-256-CBC: the key is the SHA-256 of the encrypt key, the first block is the IV.
 *
 * @returns undefined if it was not encrypted with this key
 */
export function decryptFeishu(encrypt: string, encryptKey: string): Buffer | undefined {
  const blocks = blocksOf(encrypt);
  if (blocks === undefined || blocks.length <= IV_BYTES) return undefined;
  const key = createHash('sha256').update(encryptKey).digest();
  const [iv, bytes] = [blocks.subarray(0, IV_BYTES), blocks.subarray(IV_BYTES)];
  return decryptCbc({ key, iv, bytes, padTo: 16 });
}
