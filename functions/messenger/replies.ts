import type { OutMessage, Reply } from '../../shared/domain/model/messages.ts';
import { pauseAfter } from '../../shared/domain/chat/card-refresh.ts';
import type { Invocation } from '../../shared/domain/rollouts/carry-out.ts';
import type { ChatOut } from '../../shared/domain/model/chat-ports.ts';
import { mapPool } from '../../shared/lib/pool.ts';
import type { Clock, Log, Queue, RequestLedger, Sha256 } from '../../shared/domain/model/ports.ts';
import { hexOf } from './digest.ts';
import { CHAT_CALL_MS, NOT_BEGUN_MS } from './place.ts';

/** Answers in flight at once: our own choice, a platform that is slow must not hold up the others. */
const IN_FLIGHT = 8;

export interface ReplyPorts {
  readonly chatOut: ChatOut;
  readonly chatQueue: Queue;
  readonly ledger: RequestLedger;
  readonly clock: Clock;
  readonly log: Log;
  readonly sha256: Sha256;
}

/** Whose ids these are in the table `requests`. */
const LEDGER_NAME = 'chat:reply';

/**
 * Delivers each answer, later again when that fails. What comes again after it was delivered is not
 * delivered twice; an answer under the same id that says something else is.
 *
 * @throws {LatchkeyError} when the store or the queue does not answer: the batch comes again
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

/** By what it is known. Of several of one answer, the one that has come the furthest. */
function unique(replies: readonly Reply[], { sha256 }: ReplyPorts): [key: string, reply: Reply][] {
  const byKey = new Map<string, Reply>();
  for (const reply of replies) {
    const { id, to, card } = reply;
    const key = `${id} ${hexOf(sha256(JSON.stringify([to, card])))}`;
    if ((byKey.get(key)?.attempt ?? 0) < reply.attempt) byKey.set(key, reply);
  }
  return [...byKey];
}

/** @returns what is to be sent so that it comes again */
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
      const pauseMs = pauseAfter(attempt, sent.retryAfterMs);
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

/** Nothing is answered that long after, wherever. 0: the platform sets no end. */
function isTooLate(untilMs: number, nowMs: number, pauseMs: number): boolean {
  return untilMs > 0 && nowMs + pauseMs > untilMs;
}
