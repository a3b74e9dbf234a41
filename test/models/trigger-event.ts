import { parseWebhookSecret } from '../../shared/contract/webhook-secret.ts';
import { signWebhook } from '../../shared/contract/webhook-signature.ts';

/** What both the event and its signature are about. */
interface Target {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>> | undefined;
}

interface TriggerRequest extends Target {
  /** A header that is undefined is left out. */
  readonly headers?: Readonly<Record<string, string | undefined>> | undefined;
  readonly body: string;
}

/** An HTTP request as an HTTP trigger hands it to a function, once it is JSON. */
export function triggerEvent(request: TriggerRequest) {
  const { method, path, query = {}, headers = {}, body } = request;
  return {
    version: 'v1',
    rawPath: path,
    body,
    isBase64Encoded: false,
    headers,
    queryParameters: query,
    requestContext: { http: { method, path, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1' } },
  };
}

/** What a request is signed with. */
export interface Signing {
  readonly secret: string;
  readonly id: string;
  readonly timestampSec: number;
}

/** The headers of a signed request, spelled as the trigger spells them. */
export function signedHeaders(signed: string | Uint8Array, { secret, ...signing }: Signing) {
  const signature = signWebhook({ ...signing, secret: parseWebhookSecret(secret), body: signed });
  return {
    'Content-Type': 'application/json',
    'Webhook-Id': signature['webhook-id'],
    'Webhook-Timestamp': signature['webhook-timestamp'],
    'Webhook-Signature': signature['webhook-signature'],
  };
}

/** What is signed in place of the body that a GET does not have: docs/http.md. */
export function signedTarget({ method, path, query = {} }: Target): string {
  const pairs = Object.entries(query).map((pair) => pair.map(encodeURIComponent).join('='));
  return `${method} ${path}${pairs.length === 0 ? '' : `?${pairs.toSorted().join('&')}`}`;
}
