import { LatchkeyError } from '../domain/model/errors.ts';
import type { WebhookSecret } from '../contract/webhook-secret.ts';
import type { Delivery, Notifier } from '../domain/model/ports.ts';
import { type After, type HttpAnswer, withoutAddress } from './http.ts';
import { signedPost } from './signed-post.ts';
import type { Sockets } from './sockets.ts';

/** Our own choice: Standard Webhooks advises senders to wait 15 to 30 s, and a batch must fit an invocation. */
const TIMEOUT_MS = 10_000;
/** Our own choice. The answer's text is not used, but it is read to its end. */
const MAX_ANSWER_BYTES = 65_536;

export interface NotifierOptions {
  readonly channels: readonly {
    readonly id: string;
    /** https, or plain http for a loopback host. With path and query. */
    readonly url: string;
    /** Every secret signs, so that a receiver can change from one secret to another. At least one. */
    readonly secrets: readonly WebhookSecret[];
  }[];
  readonly sockets: Sockets;
  /** Default: real time. */
  readonly after?: After;
}

/**
 * Delivers notices over HTTP as Standard Webhooks: one signed `POST` of `{type, timestamp, data}` for each
 * delivery. It posts only to the URLs given here, never to an address from a message.
 *
 * @throws {TypeError} for a URL that must not be used, and for a channel without a secret
 */
export function httpNotifier({ channels, sockets, after }: NotifierOptions): Notifier {
  const posts = new Map(
    channels.map(({ id, url, secrets }) => {
      if (secrets.length === 0) throw new TypeError(`Cannot use channel "${id}": no secret`);
      const limits = { deadlineMs: TIMEOUT_MS, maxAnswerBytes: MAX_ANSWER_BYTES };
      return [id, signedPost({ url, secrets, ...limits, sockets, after })];
    }),
  );
  return {
    async deliver({ id, channel, kind, atMs, data }, nowMs) {
      const post = posts.get(channel);
      if (post === undefined) return { kind: 'gone', why: 'the policy has no such channel' };
      const type = `rollout.${kind.replaceAll('-', '_')}`;
      const content = { type, timestamp: new Date(atMs).toISOString(), data };
      return deliveryOf(post(id, nowMs, content), nowMs);
    },
  };
}

async function deliveryOf(posted: Promise<HttpAnswer>, nowMs: number): Promise<Delivery> {
  try {
    const answer = await posted;
    const { status } = answer;
    if (status >= 200 && status < 300) return { kind: 'delivered' };
    if (status === 410) return { kind: 'gone', why: 'HTTP status 410' };
    const why = `HTTP status ${status}`;
    return { kind: 'failed', why, retryAfterMs: retryAfterMs(answer, nowMs) };
  } catch (error) {
    if (!(error instanceof LatchkeyError)) throw error;
    return { kind: 'failed', why: withoutAddress(error.message), retryAfterMs: null };
  }
}

/** Seconds, or a date: https://www.rfc-editor.org/rfc/rfc9110#field.retry-after */
function retryAfterMs({ headers }: HttpAnswer, nowMs: number): number | null {
  const text = headers['retry-after'];
  if (typeof text !== 'string') return null;
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000;
  const dateMs = Date.parse(text);
  return Number.isNaN(dateMs) ? null : Math.max(0, dateMs - nowMs);
}
