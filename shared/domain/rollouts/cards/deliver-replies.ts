import type { OutMessage, Reply } from '../../model/messages.ts';
import { chatRetryPauseMs } from '../../chat/chat-retries.ts';
import type { Invocation } from '../carry-out.ts';
import type { ChatOut } from '../../model/chat-ports.ts';
import { mapPool } from '../../../lib/pool.ts';
import type { Clock, Log, Queue, RequestLedger, Sha256 } from '../../model/ports.ts';
import { hexOf } from '../../../lib/hex.ts';
import { CHAT_CALL_MS, NOT_BEGUN_MS } from './show-card.ts';

/** How many replies are sent at once: our own choice. A slow platform must not delay the others. */
const IN_FLIGHT = 8;

export interface ReplyPorts {
  readonly chatOut: ChatOut;
  readonly chatQueue: Queue;
  readonly ledger: RequestLedger;
  readonly clock: Clock;
  readonly log: Log;
  readonly sha256: Sha256;
}

/** The owner of these ids in the table `requests`. */
const LEDGER_NAME = 'chat:reply';

/**
 * Delivers each reply. A reply that fails is sent back to the queue, for later. A reply whose message comes again
 * is delivered once; another card under the same id is another reply.
 *
 * @throws {LatchkeyError} when the store or the queue does not answer; the batch can then be delivered again
 */
export async function deliverReplies(
  replies: readonly Reply[],
  ports: ReplyPorts,
  { deadlineMs }: Pick<Invocation, 'deadlineMs'>,
): Promise<void> {
  const ended = await mapPool(unique(replies, ports), IN_FLIGHT, async ([key, reply]) => {
    const hasTime = ports.clock.nowMs() + CHAT_CALL_MS <= deadlineMs;
    const [one] = await Promise.allSettled([
      hasTime ? deliver(key, reply, ports) : [again(reply, NOT_BEGUN_MS / 1_000)],
    ]);
    return one;
  });
  const messages = ended.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
  const lost = (await ports.chatQueue.send(messages)).find((error) => error !== undefined);
  const failed = ended.find((one) => one.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  if (lost !== undefined) throw lost;
}

/** Each reply once, under its key. Of several messages for one reply, the one with the most attempts. */
function unique(replies: readonly Reply[], { sha256 }: ReplyPorts): [key: string, reply: Reply][] {
  const byKey = new Map<string, Reply>();
  for (const reply of replies) {
    const { id, to, card } = reply;
    const key = `${id} ${hexOf(sha256(JSON.stringify([to, card])))}`;
    if ((byKey.get(key)?.attempt ?? 0) < reply.attempt) byKey.set(key, reply);
  }
  return [...byKey];
}

/** @returns the message that brings the reply back; none when it is delivered, unwanted or given up */
async function deliver(
  key: string,
  reply: Reply,
  { chatOut, ledger, clock, log }: ReplyPorts,
): Promise<OutMessage[]> {
  const { id, to, card, attempt } = reply;
  if ((await ledger.take(LEDGER_NAME, key, key)) === 'done') return [];
  const sent = await chatOut.reply(to, card);
  const about = { replyId: id, platform: to.place.platform, attempt };
  switch (sent.kind) {
    case 'sent':
      log('info', 'reply-delivered', about);
      await ledger.finish(LEDGER_NAME, key);
      return [];
    case 'gone':
      log('warn', 'reply-not-wanted', { ...about, why: sent.why });
      await ledger.finish(LEDGER_NAME, key);
      return [];
    case 'failed': {
      const { why } = sent;
      const pauseMs = chatRetryPauseMs(attempt, sent.retryAfterMs);
      const isLate = pauseMs !== undefined && isTooLate(to.untilMs, clock.nowMs(), pauseMs);
      if (pauseMs === undefined || isLate) {
        log('error', 'reply-given-up', { ...about, why });
        return [];
      }
      log('warn', 'reply-failed', { ...about, why, againInMs: pauseMs });
      return [again({ ...reply, attempt: attempt + 1 }, Math.ceil(pauseMs / 1_000))];
    }
  }
}

function again(reply: Reply, delaySeconds: number): OutMessage {
  return { message: { kind: 'reply', reply }, delaySeconds };
}

/** Whether the platform accepts no reply any more after the pause. `untilMs` 0: it sets no end. */
function isTooLate(untilMs: number, nowMs: number, pauseMs: number): boolean {
  return untilMs > 0 && nowMs + pauseMs > untilMs;
}
