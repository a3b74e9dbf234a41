import { LatchkeyError } from '../../shared/domain/errors.ts';
import { mapPool } from '../../shared/domain/pool.ts';
import type { ReceivedMessage } from '../../shared/outbound/smq/smq-reader.ts';
import { LONGEST_RUN_MS } from '../invoke/invoke.ts';
import type { RedrivePorts } from './redrive-ports.ts';
import type { Report } from './letter-report.ts';

/** As the queue hides what is received: shared/outbound/smq/queue-settings.ts. */
const HIDDEN_SECONDS = 180;
/** A message received longer ago may be seen by others while a function runs. */
const FRESH_MS = HIDDEN_SECONDS * 1_000 - LONGEST_RUN_MS;
/** The least that SMQ takes: https://help.aliyun.com/document_detail/128343.html */
const AT_ONCE_SECONDS = 1;
/** Calls in flight at once: our own choice. */
const IN_FLIGHT = 8;

/** What was done, as far as it went. */
export interface Taken {
  readonly reports: readonly Report[];
  /** Ids asked for that were not there, or that somebody else has in hand. */
  readonly missing: readonly string[];
  /** How many of those counted were not received, where all were asked for. SMQ counts with a delay. */
  readonly short: number;
  /** Why nothing else was done; undefined when all was. */
  readonly brokeOff: LatchkeyError | undefined;
}

/**
 * Receives what is in the dead-letter queue, each message once, and has `work` deal with those asked for.
 * To receive hides a message from others; what `work` leaves, and what nobody asked for, is made visible
 * again at the end.
 *
 * @param limit no more than there were when this began: what fails again comes back as a new letter
 * @param ids the messages asked for; none: all
 * @throws {LatchkeyError} when nothing could be received
 */
export async function takeLetters(
  parts: RedrivePorts,
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
      const receivedAtMs = parts.nowMs();
      const received = await parts.deadLetters.receive();
      for (const { messageId, receiptHandle } of received) kept.set(messageId, receiptHandle);
      const fresh = received.filter(({ messageId }) => !seen.has(messageId));
      if (fresh.length === 0) break;
      for (const message of fresh.toSorted((a, b) => a.enqueuedAtMs - b.enqueuedAtMs)) {
        if (isOver()) break;
        seen.add(message.messageId);
        if (ids.length > 0 && !ids.includes(message.messageId)) continue;
        const held = await hold(message, receivedAtMs, parts);
        if (held === undefined) {
          // It is received again, unless somebody else has it by now.
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
    await giveBack([...kept.values()], parts);
  }
}

/**
 * Keeps a message from others for as long as the work with it may take.
 *
 * @returns undefined when it is visible to others already
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

/** What cannot be given back is visible again by itself, when its time is over. */
async function giveBack(handles: readonly string[], { deadLetters }: RedrivePorts): Promise<void> {
  await mapPool(handles, IN_FLIGHT, async (handle) => {
    try {
      await deadLetters.hide(handle, AT_ONCE_SECONDS);
    } catch (error) {
      if (!(error instanceof LatchkeyError)) throw error;
    }
  });
}
