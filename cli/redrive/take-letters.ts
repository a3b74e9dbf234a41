import { LatchkeyError } from '../../shared/domain/model/errors.ts';
import { mapPool } from '../../shared/lib/pool.ts';
import type { ReceivedMessage } from '../../shared/outbound/smq/smq-reader.ts';
import { LONGEST_RUN_MS } from '../invoke/invoke.ts';
import type { RedrivePorts, Report } from './letter-report.ts';

/** The queue's visibility timeout: shared/outbound/smq/queue-admin.ts. */
const HIDDEN_SECONDS = 180;
/** A message received longer ago may become visible to others while a function runs. */
const FRESH_MS = HIDDEN_SECONDS * 1_000 - LONGEST_RUN_MS;
/** The minimum of SMQ: https://help.aliyun.com/document_detail/128343.html */
const AT_ONCE_SECONDS = 1;
/** Calls in flight at once: our own choice. */
const IN_FLIGHT = 8;

export interface Taken {
  readonly reports: readonly Report[];
  /** Ids asked for that were not there, or that another reader holds. */
  readonly missing: readonly string[];
  /** Messages counted but not received, when all were asked for. SMQ's count lags. */
  readonly short: number;
  /** The error that ended the work early; undefined when all was done. */
  readonly brokeOff: LatchkeyError | undefined;
}

/**
 * Receives the messages of the dead-letter queue, each once, and calls `work` with those asked for. Receiving
 * hides a message from others. Messages that `work` leaves or that were not asked for become visible again at
 * the end.
 *
 * @param limit the number of messages at the start. A message that fails again comes back as a new letter,
 * which must not be processed again
 * @param ids the messages asked for; none: all
 * @throws {LatchkeyError} when nothing could be received
 */
export async function takeLetters(
  ports: RedrivePorts,
  { ids, limit }: { readonly ids: readonly string[]; readonly limit: number },
  work: (message: ReceivedMessage) => Promise<Report>,
): Promise<Taken> {
  const reports: Report[] = [];
  /** Handles by message id. */
  const kept = new Map<string, string>();
  const seen = new Set<string>();
  const isMissing = (id: string) => reports.every(({ messageId }) => messageId !== id);
  const ended = (brokeOff: LatchkeyError | undefined): Taken => {
    const short = ids.length === 0 ? Math.max(0, limit - seen.size) : 0;
    return { reports, missing: ids.filter(isMissing), short, brokeOff };
  };
  const isOver = () => (ids.length === 0 ? seen.size >= limit : reports.length === ids.length);
  try {
    while (!isOver()) {
      const receivedAtMs = ports.nowMs();
      const received = await ports.deadLetters.receive();
      for (const { messageId, receiptHandle } of received) kept.set(messageId, receiptHandle);
      const fresh = received.filter(({ messageId }) => !seen.has(messageId));
      if (fresh.length === 0) break;
      for (const message of fresh.toSorted((a, b) => a.enqueuedAtMs - b.enqueuedAtMs)) {
        if (isOver()) break;
        seen.add(message.messageId);
        if (ids.length > 0 && !ids.includes(message.messageId)) continue;
        const held = await hold(message, receivedAtMs, ports);
        if (held === undefined) {
          // It can be received again, unless another reader has it by now.
          seen.delete(message.messageId);
          continue;
        }
        kept.set(message.messageId, held.receiptHandle);
        const report = await work(held);
        reports.push(report);
        if (report.state !== 'left') kept.delete(message.messageId);
      }
    }
    return ended(undefined);
  } catch (error) {
    if (!(error instanceof LatchkeyError) || reports.length === 0) throw error;
    return ended(error);
  } finally {
    await giveBack([...kept.values()], ports);
  }
}

/**
 * Keeps a message hidden for as long as `work` may take.
 *
 * @returns undefined when others can see it already
 */
async function hold(
  message: ReceivedMessage,
  receivedAtMs: number,
  { deadLetters, nowMs }: RedrivePorts,
): Promise<ReceivedMessage | undefined> {
  if (nowMs() - receivedAtMs <= FRESH_MS) return message;
  try {
    const receiptHandle = await deadLetters.hide(message.receiptHandle, HIDDEN_SECONDS);
    return { ...message, receiptHandle };
  } catch (error) {
    if (error instanceof LatchkeyError && error.code === 'not-found') return undefined;
    throw error;
  }
}

/** Makes messages visible again. Where that fails, the visibility timeout does it. */
async function giveBack(handles: readonly string[], { deadLetters }: RedrivePorts): Promise<void> {
  await mapPool(handles, IN_FLIGHT, async (handle) => {
    try {
      await deadLetters.hide(handle, AT_ONCE_SECONDS);
    } catch (error) {
      if (!(error instanceof LatchkeyError)) throw error;
    }
  });
}
