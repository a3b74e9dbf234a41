import { createHmac } from 'node:crypto';

/** Headers of a message to the robot. The signature does not cover the body: https://open.dingtalk.com/document/development/receive-message */
export function robotHeaders(appSecret: string, timestampMs: number): Record<string, string> {
  const sign = hmac(appSecret, `${timestampMs}\n${appSecret}`);
  return {
    'content-type': 'application/json; charset=utf-8',
    timestamp: String(timestampMs),
    sign,
  };
}

/** Headers of a click on a card. The signature does not cover the body: https://open.dingtalk.com/document/development/event-callback-card */
export function cardHeaders(apiSecret: string, timestampMs: number): Record<string, string> {
  return {
    'content-type': 'application/json; charset=utf-8',
    'x-ddpaas-signature-timestamp': String(timestampMs),
    'x-ddpaas-signature': hmac(apiSecret, String(timestampMs)),
  };
}

function hmac(key: string, text: string): string {
  return createHmac('sha256', key).update(text).digest('base64');
}
