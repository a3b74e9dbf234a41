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
      /** The first time that it was seen Running again. */
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

export interface Webhook {
  /** @param id what a repetition is recognised by; default: a new one */
  post(
    path: string,
    body: object,
    id?: string,
  ): Promise<{ readonly status: number; readonly view: RolloutView }>;
  get(path: string): Promise<RolloutView>;
}

/** The answer was no answer to be had: who asks again under the same id asks for the same. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';
}

/** What was wanted does not apply any more. */
export class ConflictError extends Error {
  override readonly name = 'ConflictError';
}

/** Signs and sends requests as any caller of Latchkey would. */
export function webhook(url: string, secretText: string): Webhook {
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
    post: (path, body, id = newId()) => send('POST', path, JSON.stringify(body), id),
    get: async (path) => (await send('GET', path, undefined, newId())).view,
  };
}
