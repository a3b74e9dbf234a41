import { LatchkeyError } from '../../shared/domain/errors.ts';
import type { Queue } from '../../shared/domain/ports.ts';
import type {
  ReceivedMessage,
  SmqReader,
  StoredMessage,
} from '../../shared/outbound/smq/smq-reader.ts';
import { type DeadLetter, readDeadLetter } from './dead-letter.ts';

export interface RedriveParts {
  readonly deadLetters: SmqReader;
  readonly results: Queue;
  readonly resultsName: string;
  /** @throws {Error} when the function was not called, or failed */
  readonly invoke: (functionName: string, payload: string) => Promise<void>;
  readonly nowMs: () => number;
}

/** One dead letter, and what became of it. */
export interface Report {
  readonly messageId: string;
  readonly ageMs: number;
  readonly why: string;
  /** The whole; whoever shows it cuts it. */
  readonly text: string;
  /** The queue or function that it goes to; null when it cannot be sent again. */
  readonly to: string | null;
  /** `found` when nothing was tried; `left` when it is in the dead-letter queue still. */
  readonly state: 'found' | 'sent' | 'left';
  /** Why it was left, or what else there is to know; '' for nothing. */
  readonly remark: string;
}

/**
 * What is in the dead-letter queue, without a change to it.
 *
 * @returns `total`: how many there are; SMQ shows the first 16 of them
 */
export async function look(
  parts: RedriveParts,
): Promise<{ readonly total: number; readonly reports: readonly Report[] }> {
  const [total, messages] = [await parts.deadLetters.count(), await parts.deadLetters.peek()];
  const reports = messages.map((message) => {
    const letter = readDeadLetter(message.body);
    const remark = letter.way.kind === 'none' ? letter.way.because : '';
    return reportOf(message, letter, parts, 'found', remark);
  });
  return { total: Math.max(total, reports.length), reports };
}

/**
 * Sends again whatever can be, and deletes each only after it was taken: one that is interrupted
 * between the two is sent twice, which receivers stand. What fails again comes back as a new dead
 * letter; so no more are taken than there were when this began.
 */
export async function redrive(parts: RedriveParts): Promise<readonly Report[]> {
  const total = await parts.deadLetters.count();
  const reports: Report[] = [];
  const seen = new Set<string>();
  while (reports.length < total) {
    const received = await parts.deadLetters.receive();
    const fresh = received.filter(({ messageId }) => !seen.has(messageId));
    if (fresh.length === 0) break;
    for (const { messageId } of fresh) seen.add(messageId);
    const batch = fresh
      .toSorted((a, b) => a.enqueuedAtMs - b.enqueuedAtMs)
      .slice(0, total - reports.length);
    reports.push(...(await sendBatch(batch, parts)));
  }
  return reports;
}

async function sendBatch(
  batch: readonly ReceivedMessage[],
  parts: RedriveParts,
): Promise<readonly Report[]> {
  const tried: { message: ReceivedMessage; letter: DeadLetter; failure: string | undefined }[] = [];
  for (const message of batch) {
    const letter = readDeadLetter(message.body);
    tried.push({ message, letter, failure: await sendAgain(letter, parts) });
  }
  const sent = tried.filter(({ failure }) => failure === undefined);
  const kept = new Set(
    await removeAll(
      sent.map(({ message }) => message.receiptHandle),
      parts.deadLetters,
    ),
  );
  return tried.map(({ message, letter, failure }) => {
    if (failure !== undefined) return reportOf(message, letter, parts, 'left', failure);
    const isKept = kept.has(message.receiptHandle);
    const remark = isKept ? 'not deleted: it will be sent again by the next run' : '';
    return reportOf(message, letter, parts, 'sent', remark);
  });
}

/** @returns the handles whose messages are perhaps there still */
async function removeAll(
  handles: readonly string[],
  deadLetters: SmqReader,
): Promise<readonly string[]> {
  try {
    return await deadLetters.remove(handles);
  } catch (error) {
    if (!(error instanceof LatchkeyError)) throw error;
    return handles;
  }
}

/** @returns why it was not sent; undefined when it was */
async function sendAgain({ way }: DeadLetter, parts: RedriveParts): Promise<string | undefined> {
  switch (way.kind) {
    case 'none':
      return way.because;
    case 'queue': {
      const messages = way.bodies.map((body) => ({ body, delaySeconds: 0 }));
      return (await parts.results.send(messages)).find((error) => error !== undefined)?.message;
    }
    case 'function':
      try {
        await parts.invoke(way.functionName, way.payload);
        return undefined;
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      }
  }
}

function reportOf(
  { messageId, enqueuedAtMs }: StoredMessage,
  { why, text, way }: DeadLetter,
  { resultsName, nowMs }: RedriveParts,
  state: Report['state'],
  remark: string,
): Report {
  const to = way.kind === 'queue' ? resultsName : way.kind === 'function' ? way.functionName : null;
  return { messageId, ageMs: Math.max(0, nowMs() - enqueuedAtMs), why, text, to, state, remark };
}
