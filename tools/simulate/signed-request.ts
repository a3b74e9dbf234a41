import { parseWebhookSecret } from '../../shared/inbound/webhook-secret.ts';
import { signWebhook } from '../../shared/inbound/webhook-signature.ts';

/** Any will do. */
export const SECRET = parseWebhookSecret('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw');

/** A signed POST as an HTTP trigger gives it. @param id the same when it is sent again */
export function signedPost(path: string, value: unknown, id: string, nowMs: number): unknown {
  const body = JSON.stringify(value);
  const timestampSec = Math.floor(nowMs / 1_000);
  return {
    version: 'v1',
    rawPath: path,
    body,
    isBase64Encoded: false,
    headers: {
      'content-type': 'application/json',
      ...signWebhook({ secret: SECRET, id, timestampSec, body }),
    },
    queryParameters: {},
    requestContext: { http: { method: 'POST', path, sourceIp: '127.0.0.1' } },
  };
}
