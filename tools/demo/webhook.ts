import { randomUUID } from 'node:crypto';
import { parseWebhookSecret } from '../../shared/contract/webhook-secret.ts';
import { signWebhook } from '../../shared/contract/webhook-signature.ts';

/** The part of Latchkey's answer that the demos read. */
export interface RolloutView {
  readonly rolloutId: string;
  readonly status: string;
  readonly totalCount: number;
  readonly attachedCount: number;
  readonly failCount: number;
  readonly skipCount: number;
  readonly unknownCount: number;
  readonly waitingCount: number;
  readonly warnings: readonly string[];
  readonly wave?: { readonly current: number; readonly of: number };
  readonly results: readonly {
    readonly instanceId: string;
    readonly kind: string;
    readonly reason?: string;
    readonly code?: string;
    readonly next: string;
    readonly restart?: {
      readonly kind: string;
      readonly how: string;
      readonly proof?: string;
      readonly code?: string;
      /** When it was first seen Running again. */
      readonly runningAtMs?: number | null;
    };
  }[];
  readonly history: readonly {
    readonly atMs: number;
    readonly what: string;
    readonly count: number;
    readonly detail: string;
  }[];
}

export type Webhook = ReturnType<typeof webhook>;

/** There was no final answer. Sending the request again under the same id is safe. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';
}

/** The request does not fit the state of the rollout any more. */
export class ConflictError extends Error {
  override readonly name = 'ConflictError';
}

/** A client of the webhook, which signs its requests. */
export function webhook(url: string, secretText: string) {
  const secret = parseWebhookSecret(secretText);
  const send = async (method: string, path: string, body: string | undefined, id: string) => {
    const headers = signWebhook({
      secret,
      id,
      timestampSec: Math.floor(Date.now() / 1_000),
      body: body ?? `${method} ${path}`,
    });
    const reply = await fetch(`${url}${path}`, {
      method,
      headers: { ...headers, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body }),
    });
    const text = await reply.text();
    const said = `Cannot ${method} ${path}: ${reply.status} ${text}`;
    if (reply.status >= 500 || reply.status === 429) throw new NoAnswerError(said);
    if (reply.status === 409) throw new ConflictError(said);
    if (!reply.ok) throw new Error(said);
    return { status: reply.status, view: JSON.parse(text) as RolloutView };
  };
  const newId = () => `msg_${randomUUID()}`;
  return {
    /** @param id identifies the request, so that a repetition is recognised; by default a new one */
    post: (path: string, body: object, id = newId()) =>
      send('POST', path, JSON.stringify(body), id),
    get: async (path: string) => (await send('GET', path, undefined, newId())).view,
  };
}
