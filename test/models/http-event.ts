import { parseWebhookSecret } from '../../shared/contract/webhook-secret.ts';
import { NOW_MS } from './builders.ts';
import { signedHeaders, signedTarget, triggerEvent } from './trigger-event.ts';

export const SECRET_TEXT = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
export const SECRETS = [parseWebhookSecret(SECRET_TEXT)];

/** The body of a valid request that attaches `ops` to i-a and reboots it. */
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

/** A signed `POST /rollouts` as an HTTP trigger hands it over. Override what the test is about. */
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
  const target = { method, path, query };
  const signed = signedHeaders(over.signed ?? (method === 'POST' ? body : signedTarget(target)), {
    secret: over.secret ?? SECRET_TEXT,
    id: over.id ?? 'msg_1',
    timestampSec: over.timestampSec ?? NOW_MS / 1_000,
  });
  const headers = { ...signed, ...over.headers };
  return Buffer.from(JSON.stringify(triggerEvent({ ...target, headers, body })));
}
