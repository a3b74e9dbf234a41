import { randomUUID } from 'node:crypto';
import { parseWebhookSecret } from '../../shared/inbound/webhook-secret.ts';
import { signWebhook } from '../../shared/inbound/webhook-signature.ts';

/** The part of Latchkey's answer that the demo reads. */
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
  readonly results: readonly {
    readonly instanceId: string;
    readonly kind: string;
    readonly reason?: string;
    readonly code?: string;
    readonly next: string;
    readonly restart?: {
      readonly kind: string;
      readonly how: string;
      readonly code?: string;
      /** The first time that it was seen Running again. */
      readonly runningAtMs?: number | null;
    };
  }[];
}

export interface Webhook {
  post(
    path: string,
    body: object,
  ): Promise<{ readonly status: number; readonly view: RolloutView }>;
  get(path: string): Promise<RolloutView>;
}

/** Signs and sends requests as any caller of Latchkey would. */
export function webhook(url: string, secretText: string): Webhook {
  const secret = parseWebhookSecret(secretText);
  const send = async (method: string, path: string, body: string | undefined) => {
    const headers = signWebhook({
      secret,
      id: `msg_${randomUUID()}`,
      timestampSec: Math.floor(Date.now() / 1_000),
      body: body ?? `${method} ${path}`,
    });
    const reply = await fetch(`${url}${path}`, {
      method,
      headers: { ...headers, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body }),
    });
    const text = await reply.text();
    if (!reply.ok) throw new Error(`Cannot ${method} ${path}: ${reply.status} ${text}`);
    return { status: reply.status, view: JSON.parse(text) as RolloutView };
  };
  return {
    post: (path, body) => send('POST', path, JSON.stringify(body)),
    get: async (path) => (await send('GET', path, undefined)).view,
  };
}
