import { cannotBeSent, readDeadLetter } from './dead-letter.ts';
import type { RedrivePorts } from './redrive-ports.ts';
import { type Report, reportOf } from './letter-report.ts';

export interface Seen {
  /** How many there are, by SMQ's count, which may be late. */
  readonly total: number;
  /** Of those that SMQ shows, the first 16: the ones asked for. */
  readonly reports: readonly Report[];
  /** How many of those asked for there may be beside them. */
  readonly unseen: number;
  /** Ids asked for that are not there; known only where SMQ shows all. */
  readonly missing: readonly string[];
}

/**
 * What is in the dead-letter queue, without a change to it.
 *
 * @param ids the messages asked for; none: all
 * @throws {LatchkeyError} when it cannot be read
 */
export async function listLetters(parts: RedrivePorts, ids: readonly string[]): Promise<Seen> {
  const [counted, messages] = [await parts.deadLetters.count(), await parts.deadLetters.peek()];
  const total = Math.max(counted, messages.length);
  const reports = messages
    .filter(({ messageId }) => ids.length === 0 || ids.includes(messageId))
    .map((message) => {
      const letter = readDeadLetter(message.body);
      const remark = letter.way.kind === 'none' ? cannotBeSent(letter.way) : '';
      return reportOf(message, letter, parts, 'found', remark);
    });
  const hidden = total - messages.length;
  const shown = new Set(reports.map(({ messageId }) => messageId));
  const unshown = ids.filter((id) => !shown.has(id));
  const unseen = ids.length === 0 ? hidden : Math.min(hidden, unshown.length);
  return { total, reports, unseen, missing: hidden === 0 ? unshown : [] };
}
