import type { Invocation } from './carry-out.ts';
import type { NoticeMessage } from '../model/notice-message.ts';
import { noticeRetryPauseMs } from '../workflow/notice-retries.ts';
import { mapPool } from '../../lib/pool.ts';
import { now, type OutMessage } from '../model/messages.ts';
import type { Clock, Log, Notifier, Queue } from '../model/ports.ts';

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
