import { createHmac } from 'node:crypto';
import { blocksOf, decryptCbc } from '../aes.ts';
import { isInTime, notThePlatform, sameText } from '../verify.ts';

/** Milliseconds. */
const TIMESTAMP = /^[0-9]{13}$/;
/** 32 bytes in base64. */
const SIGNATURE = /^[A-Za-z0-9+/]{43}=$/;

/**
 * Checks that DingTalk made these two headers within five minutes of now. **They do not cover the body**: whoever has
 * seen one pair can send any body with it. That is why the door checks more than the signature (docs/security.md).
 *
 * @param headers names in lower case
 * @returns the signature. A signature that comes twice is of the same request, or was captured
 * @throws {LatchkeyError} `unsigned`, whichever check failed
 */
export function verifyRobot(
  headers: Readonly<Record<string, string>>,
  appSecret: string,
  nowMs: number,
): string {
  const timestamp = headers['timestamp'] ?? '';
  const expected = robotSignature(appSecret, timestamp);
  return verified(headers['sign'] ?? '', expected, timestamp, nowMs);
}

/** https://open.dingtalk.com/document/development/receive-message. @param timestamp milliseconds */
export function robotSignature(appSecret: string, timestamp: string): string {
  return createHmac('sha256', appSecret).update(`${timestamp}\n${appSecret}`).digest('base64');
}

/** As `verifyRobot`, for a press of a button on a card. */
export function verifyCardCallback(
  headers: Readonly<Record<string, string>>,
  apiSecret: string,
  nowMs: number,
): string {
  const timestamp = headers['x-ddpaas-signature-timestamp'] ?? '';
  const expected = cardSignature(apiSecret, timestamp);
  return verified(headers['x-ddpaas-signature'] ?? '', expected, timestamp, nowMs);
}

/** https://open.dingtalk.com/document/development/event-callback-card. @param timestamp milliseconds */
export function cardSignature(apiSecret: string, timestamp: string): string {
  return createHmac('sha256', apiSecret).update(timestamp).digest('base64');
}

function verified(given: string, expected: string, timestamp: string, nowMs: number): string {
  const isSigned = sameText(given, expected);
  const isWellFormed = TIMESTAMP.test(timestamp) && SIGNATURE.test(given);
  if (isSigned && isWellFormed && isInTime(Number(timestamp), nowMs)) return given;
  throw notThePlatform();
}

const RANDOM_BYTES = 16;
const LENGTH_BYTES = 4;

/**
 * AES-256-CBC over 16 random bytes, the length, the text and the app's id, padded to 32 bytes.
 * https://github.com/open-dingtalk/DingTalk-Callback-Crypto. It is not documented that robot messages are encrypted in
 * the same way.
 *
 * @param aesKey 43 characters of base64
 * @returns undefined if it was not encrypted with this key
 */
export function decryptDingTalk(encrypt: string, aesKey: string): Buffer | undefined {
  const bytes = blocksOf(encrypt);
  if (bytes === undefined) return undefined;
  const key = Buffer.from(`${aesKey}=`, 'base64');
  const plain = decryptCbc({ key, iv: key.subarray(0, 16), bytes, padTo: 32 });
  const start = RANDOM_BYTES + LENGTH_BYTES;
  if (plain === undefined || plain.length < start) return undefined;
  const length = plain.readUInt32BE(RANDOM_BYTES);
  return start + length <= plain.length ? plain.subarray(start, start + length) : undefined;
}
