import { now, type OutMessage } from '../model/messages.ts';
import type { NoticeMessage } from '../model/notice-message.ts';
import type { Clock, Log, Notifier, Queue } from '../model/ports.ts';
import type { Invocation } from './carry-out.ts';
import { mapPool } from '../../lib/pool.ts';

/** Deliveries in flight at once: our own choice. A slow channel must not delay the others. */
const IN_FLIGHT = 8;

/** The longest delivery, with its connection: the adapter's limit is 10 s. */
const DELIVERY_MS = 11_000;

/** When another invocation takes a notice for which there was no time: our own choice. */
const NOT_BEGUN_SECONDS = 1;

export interface NoticePorts {
  readonly notifier: Notifier;
  readonly queue: Queue;
  readonly deadLetters: Queue;
  readonly clock: Clock;
  readonly log: Log;
}

/** The messages to send so that no notice is lost. */
interface Next {
  readonly again: readonly OutMessage[];
  readonly dead: readonly OutMessage[];
}

const NOTHING: Next = { again: [], dead: [] };

/**
 * Delivers each notice once. A failed notice goes back to the queue for a later try, and after the last try to
 * the dead-letter queue. A repeated message in one batch is delivered once; in another batch, it is delivered
 * again, and receivers recognize it by its `webhook-id`.
 *
 * @throws {LatchkeyError} when a queue did not take a message: then the batch must be delivered again
 */
export async function deliverNotices(
  notices: readonly NoticeMessage[],
  ports: NoticePorts,
  { deadlineMs }: Pick<Invocation, 'deadlineMs'>,
): Promise<void> {
  const nexts = await mapPool(unique(notices), IN_FLIGHT, async (notice): Promise<Next> => {
    if (ports.clock.nowMs() + DELIVERY_MS <= deadlineMs) return deliver(notice, ports);
    return { again: [later(notice, NOT_BEGUN_SECONDS)], dead: [] };
  });
  const errors = await Promise.all([
    ports.queue.send(nexts.flatMap(({ again }) => again)),
    ports.deadLetters.send(nexts.flatMap(({ dead }) => dead)),
  ]);
  const lost = errors.flat().find((error) => error !== undefined);
  if (lost !== undefined) throw lost;
}

/** Of several messages about one notice, the one with the most attempts. */
function unique(notices: readonly NoticeMessage[]): NoticeMessage[] {
  const byId = new Map<string, NoticeMessage>();
  for (const notice of notices) {
    if ((byId.get(notice.id)?.attempt ?? 0) < notice.attempt) byId.set(notice.id, notice);
  }
  return [...byId.values()];
}

async function deliver(
  notice: NoticeMessage,
  { notifier, clock, log }: NoticePorts,
): Promise<Next> {
  const { id, rolloutId, channel, kind, attempt } = notice;
  const delivery = await notifier.deliver(notice, clock.nowMs());
  const about = { rolloutId, channel, notice: kind, messageId: id, attempt };
  switch (delivery.kind) {
    case 'delivered':
      log('info', 'notice-delivered', about);
      return NOTHING;
    case 'gone':
      log('warn', 'notice-not-wanted', { ...about, why: delivery.why });
      return NOTHING;
    case 'failed': {
      const { why } = delivery;
      const pauseMs = noticeRetryPauseMs(notice, delivery.retryAfterMs);
      if (pauseMs === undefined) {
        log('error', 'notice-given-up', { ...about, why });
        return { again: [], dead: [deadLetter(notice, why)] };
      }
      log('warn', 'notice-failed', { ...about, why, againInMs: pauseMs });
      const next = { ...notice, attempt: attempt + 1 };
      return { again: [later(next, Math.ceil(pauseMs / 1_000))], dead: [] };
    }
  }
}

function later(notice: NoticeMessage, delaySeconds: number): OutMessage {
  return { message: { kind: 'notice', notice }, delaySeconds };
}

/** A dead letter that is sent again starts with its first delivery. */
function deadLetter(notice: NoticeMessage, why: string): OutMessage {
  const about = { kind: 'notice', notice: { ...notice, attempt: 1 } } as const;
  return now({ kind: 'dead', why: `notice not delivered: ${why}`, about });
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/**
 * Pauses after each delivery that failed, the tenth being the last:
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
const PAUSES_MS = [
  5 * SECOND_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  10 * HOUR_MS,
  14 * HOUR_MS,
  20 * HOUR_MS,
  24 * HOUR_MS,
];

/** The longest that a receiver can put us off: our own choice, as long as the longest pause. */
const MAX_PAUSE_MS = 24 * HOUR_MS;

/** Our own choice: what failed together is not tried again together. */
const JITTER_PERCENT = 10;

/**
 * How long to wait before the next delivery. The same for the same delivery, so that a message that
 * comes twice is not tried at two different times.
 *
 * @param retryAfterMs what the receiver asked for; null when it did not
 * @returns milliseconds; undefined after the last delivery
 */
function noticeRetryPauseMs(
  { id, attempt }: Pick<NoticeMessage, 'id' | 'attempt'>,
  retryAfterMs: number | null,
): number | undefined {
  const pauseMs = PAUSES_MS[attempt - 1];
  if (pauseMs === undefined) return undefined;
  const askedMs = Math.min(retryAfterMs ?? 0, MAX_PAUSE_MS);
  const part = (hashOf(`${id} ${attempt}`) % (JITTER_PERCENT + 1)) / 100;
  return Math.max(pauseMs, askedMs) + Math.floor(pauseMs * part);
}

/** FNV-1a, 32 bits: http://www.isthe.com/chongo/tech/comp/fnv/ */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  }
  return hash;
}
