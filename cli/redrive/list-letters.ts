import { cannotBeSent, readDeadLetter } from './dead-letter.ts';
import { type Report, reportOf } from './letter-report.ts';
import type { RedrivePorts } from './redrive-ports.ts';

export interface LetterList {
  /** Messages in the queue, by SMQ's count, which may lag. */
  readonly total: number;
  /** The messages asked for among the first 16, which are all that SMQ shows. */
  readonly reports: readonly Report[];
  /** Upper bound of the messages asked for that SMQ does not show. */
  readonly unseen: number;
  /** Ids asked for that are not there. Known only when SMQ shows the whole queue. */
  readonly missing: readonly string[];
}

/**
 * Lists the dead-letter queue without changing it.
 *
 * @param ids the messages asked for; none: all
 * @throws {LatchkeyError} when it cannot be read
 */
export async function listLetters(
  ports: RedrivePorts,
  ids: readonly string[],
): Promise<LetterList> {
  const [counted, messages] = [await ports.deadLetters.count(), await ports.deadLetters.peek()];
  const total = Math.max(counted, messages.length);
  const reports = messages
    .filter(({ messageId }) => ids.length === 0 || ids.includes(messageId))
    .map((message) => {
      const letter = readDeadLetter(message.body);
      const remark = letter.way.kind === 'none' ? cannotBeSent(letter.way) : '';
      return reportOf(message, letter, ports, 'found', remark);
    });
  const hidden = total - messages.length;
  const shown = new Set(reports.map(({ messageId }) => messageId));
  const unshown = ids.filter((id) => !shown.has(id));
  const unseen = ids.length === 0 ? hidden : Math.min(hidden, unshown.length);
  return { total, reports, unseen, missing: hidden === 0 ? unshown : [] };
}
