import { LatchkeyError } from '../domain/model/errors.ts';
import type { NoticeMessage } from '../domain/model/notice-message.ts';
import type { Delivery, Notifier } from '../domain/model/ports.ts';
import { type After, type HttpAnswer, httpSender, type SendHttp } from './http.ts';
import type { Sockets } from './sockets.ts';

/** From the call to the last byte of the answer: within the 15 to 30 s that senders are advised. */
const TIMEOUT_MS = 10_000;
/** Our own choice: nothing of an answer is used, but it has to be read for its end. */
const MAX_ANSWER_BYTES = 65_536;

/** Makes the headers of a signed request: Standard Webhooks v1, as our own webhook takes it. */
export type SignNotice = (request: {
  readonly secret: NoticeSecret;
  readonly id: string;
  /** Seconds since the epoch. */
  readonly timestampSec: number;
  readonly body: Uint8Array;
}) => Readonly<Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string>>;

export interface NoticeSecret {
  readonly key: Buffer;
}

export interface NotifierOptions {
  readonly channels: readonly {
    readonly id: string;
    /** https, or plain http for a loopback host; with path and query. */
    readonly url: string;
    /** Each signs, so that a receiver can go over from one to another. At least one. */
    readonly secrets: readonly NoticeSecret[];
  }[];
  readonly sign: SignNotice;
  readonly sockets: Sockets;
  /** Default: real time. */
  readonly after?: After;
}

/**
 * Delivers over HTTP, as Standard Webhooks has it: `POST` of `{type, timestamp, data}` with a fresh
 * `webhook-timestamp`, once. Only ever to the addresses given here: what a message says of an address
 * is nothing, and no redirect is followed.
 *
 * @throws {TypeError} for a URL that must not be used, and for a channel without a secret
 */
export function httpNotifier({ channels, sign, sockets, after }: NotifierOptions): Notifier {
  const doors = new Map(
    channels.map(({ id, url, secrets }) => {
      if (!URL.canParse(url)) throw new TypeError(`Cannot use channel "${id}": not a URL`);
      if (secrets.length === 0) throw new TypeError(`Cannot use channel "${id}": no secret`);
      const { origin, pathname, search } = new URL(url);
      const limits = { deadlineMs: TIMEOUT_MS, maxAnswerBytes: MAX_ANSWER_BYTES };
      const send = httpSender({
        endpoint: origin,
        sockets,
        ...limits,
        ...(after === undefined ? {} : { after }),
      });
      return [id, { send, path: pathname + search, secrets }];
    }),
  );

  return {
    async deliver(notice, atMs) {
      const door = doors.get(notice.channel);
      if (door === undefined) return { kind: 'gone', why: 'the policy has no such channel' };
      const body = bodyOf(notice);
      const timestampSec = Math.floor(atMs / 1_000);
      const signed = door.secrets.map((secret) =>
        sign({ secret, id: notice.id, timestampSec, body }),
      );
      const headers = {
        'content-type': 'application/json',
        ...signed[0],
        'webhook-signature': signed.map((one) => one['webhook-signature']).join(' '),
      };
      return outcomeOf(door.send({ method: 'POST', path: door.path, headers, body }), atMs);
    },
  };
}

function bodyOf({ kind, atMs, data }: NoticeMessage): Buffer {
  const type = `rollout.${kind.replaceAll('-', '_')}`;
  return Buffer.from(JSON.stringify({ type, timestamp: new Date(atMs).toISOString(), data }));
}

async function outcomeOf(sent: ReturnType<SendHttp>, atMs: number): Promise<Delivery> {
  try {
    const answer = await sent;
    const { status } = answer;
    if (status >= 200 && status < 300) return { kind: 'delivered' };
    if (status === 410) return { kind: 'gone', why: 'HTTP status 410' };
    return { kind: 'failed', why: `HTTP status ${status}`, retryAfterMs: retryAfter(answer, atMs) };
  } catch (error) {
    if (!(error instanceof LatchkeyError)) throw error;
    return { kind: 'failed', why: withoutAddress(error.message), retryAfterMs: null };
  }
}

/** Where it went stays in the policy: the path of such an address may be as good as a secret. */
function withoutAddress(message: string): string {
  return message.replace(/^Cannot POST "[^"]*": /, '');
}

/** https://www.rfc-editor.org/rfc/rfc9110#field.retry-after: seconds, or a date. */
function retryAfter({ headers }: HttpAnswer, atMs: number): number | null {
  const text = headers['retry-after'];
  if (typeof text !== 'string') return null;
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000;
  const dateMs = Date.parse(text);
  return Number.isNaN(dateMs) ? null : Math.max(0, dateMs - atMs);
}
