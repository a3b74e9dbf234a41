import { parseWebhookSecret } from '../../shared/contract/webhook-secret.ts';
import { signWebhook } from '../../shared/contract/webhook-signature.ts';
import { NOW_MS } from './builders.ts';

export const SECRET_TEXT = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
export const SECRETS = [parseWebhookSecret(SECRET_TEXT)];

/** The body of a valid request to attach and reboot i-a. */
export const BODY = {
  regionId: 'cn-hangzhou',
  keyPairName: 'ops',
  instanceIds: ['i-a'],
  restart: 'auto',
};

export const context = {
  requestId: '1-64f6cd87-test',
  credentials: {},
  function: { name: 'latchkey-attach', timeout: 60 },
  region: 'cn-hangzhou',
  accountId: '1000000000000000',
};

/** A signed `POST /rollouts` as an HTTP trigger gives it. Override what the test is about. */
export function anHttpEvent(
  over: {
    readonly method?: string;
    readonly path?: string;
    readonly query?: Readonly<Record<string, string>>;
    /** A text is sent as it is, anything else as JSON. */
    readonly body?: unknown;
    readonly headers?: Readonly<Record<string, string | undefined>>;
    readonly id?: string;
    readonly timestampSec?: number;
    readonly signed?: string;
    readonly secret?: string;
  } = {},
): Buffer {
  const { method = 'POST', path = '/rollouts', query = {} } = over;
  const given = over.body ?? (method === 'POST' ? BODY : '');
  const body = typeof given === 'string' ? given : JSON.stringify(given);
  const signature = signWebhook({
    secret: parseWebhookSecret(over.secret ?? SECRET_TEXT),
    id: over.id ?? 'msg_1',
    timestampSec: over.timestampSec ?? NOW_MS / 1_000,
    body: over.signed ?? (method === 'POST' ? body : `${method} ${path}${queryText(query)}`),
  });
  const headers = Object.fromEntries(
    Object.entries({
      'Content-Type': 'application/json',
      'Webhook-Id': signature['webhook-id'],
      'Webhook-Timestamp': signature['webhook-timestamp'],
      'Webhook-Signature': signature['webhook-signature'],
      ...over.headers,
    }).filter(([, value]) => value !== undefined),
  );
  return Buffer.from(
    JSON.stringify({
      version: 'v1',
      rawPath: path,
      body,
      isBase64Encoded: false,
      headers,
      queryParameters: query,
      requestContext: { http: { method, path, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1' } },
    }),
  );
}

/** As docs/http.md has it: encoded, sorted. */
function queryText(query: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(query).map((pair) => pair.map(encodeURIComponent).join('='));
  return pairs.length === 0 ? '' : `?${pairs.toSorted().join('&')}`;
}
