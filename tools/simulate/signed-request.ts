import { signWebhook } from '../../shared/contract/webhook-signature.ts';
import { secretOf, type Who } from './clients.ts';

/** A POST of somebody, and the id that stays the same when it is sent again. */
export interface Post {
  readonly path: string;
  readonly body: unknown;
  readonly id: string;
  readonly who: Who;
}

/** A signed POST as an HTTP trigger gives it. */
export function signedPost({ path, body: value, id, who }: Post, nowMs: number): unknown {
  const body = JSON.stringify(value);
  const timestampSec = Math.floor(nowMs / 1_000);
  return {
    version: 'v1',
    rawPath: path,
    body,
    isBase64Encoded: false,
    headers: {
      'content-type': 'application/json',
      ...signWebhook({ secret: secretOf(who), id, timestampSec, body }),
    },
    queryParameters: {},
    requestContext: { http: { method: 'POST', path, sourceIp: '127.0.0.1' } },
  };
}
