import { signWebhook } from '../contract/webhook-signature.ts';
import type { WebhookSecret } from '../contract/webhook-secret.ts';
import { type HttpAnswer, type HttpOptions, httpSender } from './http.ts';

interface SignedPostOptions extends Omit<HttpOptions, 'endpoint'> {
  /** https, or plain http for a loopback host. With path and query. */
  readonly url: string;
  /** Every secret signs, so that a receiver can change from one secret to another. At least one. */
  readonly secrets: readonly WebhookSecret[];
}

/**
 * Posts JSON to one address of an operator, once, signed as a Standard Webhook. It follows no redirect, so
 * no other host ever receives the text.
 *
 * @param id the `webhook-id`: letters, digits, underscores and hyphens
 * @param nowMs the `webhook-timestamp`, in milliseconds since the epoch
 * @throws {LatchkeyError} as `SendHttp`
 */
export type SignedPost = (id: string, nowMs: number, content: object) => Promise<HttpAnswer>;

/** @throws {TypeError} for a URL that must not be used */
export function signedPost({ url, secrets, ...options }: SignedPostOptions): SignedPost {
  if (!URL.canParse(url)) throw new TypeError('Cannot post: the address is not a URL');
  const { origin, pathname, search } = new URL(url);
  const send = httpSender({ endpoint: origin, ...options });
  return (id, nowMs, content) => {
    const body = Buffer.from(JSON.stringify(content));
    const timestampSec = Math.floor(nowMs / 1_000);
    const signed = secrets.map((secret) => signWebhook({ secret, id, timestampSec, body }));
    const headers = {
      'content-type': 'application/json',
      ...signed[0],
      'webhook-signature': signed.map((one) => one['webhook-signature']).join(' '),
    };
    return send({ method: 'POST', path: pathname + search, headers, body });
  };
}
