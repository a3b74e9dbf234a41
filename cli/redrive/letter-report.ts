import type { SmqReader, StoredMessage } from '../../shared/outbound/smq/smq-reader.ts';
import type { OperatorAccess, OperatorPorts } from '../operator/operator-ports.ts';
import { cannotBeSent, type DeadLetter, readDeadLetter, type Way } from './dead-letter.ts';
import { shownText, shownWhy } from './shown-text.ts';

/** What moves dead letters. */
export interface RedrivePorts extends Pick<OperatorPorts, 'sender' | 'invoke'> {
  readonly queues: OperatorAccess['queues'];
  readonly deadLetters: SmqReader;
  readonly nowMs: () => number;
}

/** A dead letter, and what was done with it. Holds no secrets. */
export interface Report {
  readonly messageId: string;
  readonly ageMs: number;
  readonly why: string;
  /** Not shortened. */
  readonly text: string;
  /** The queues or the function that it is sent to; empty when it cannot be sent again. */
  readonly to: readonly string[];
  /** `found`: nothing was tried. `left`: it is still in the dead-letter queue. */
  readonly state: 'found' | 'sent' | 'discarded' | 'left';
  /** Why it was left or cannot be sent, or another remark; '' for none. */
  readonly remark: string;
}

export function reportOf(
  { messageId, enqueuedAtMs }: StoredMessage,
  letter: DeadLetter,
  { queues, nowMs }: Pick<RedrivePorts, 'queues' | 'nowMs'>,
  state: Report['state'],
  remark: string,
): Report {
  return {
    messageId,
    ageMs: Math.max(0, nowMs() - enqueuedAtMs),
    why: shownWhy(letter),
    text: shownText(letter),
    to: receiversOf(letter.way, queues),
    state,
    remark,
  };
}

function receiversOf(way: Way, queues: RedrivePorts['queues']): string[] {
  switch (way.kind) {
    case 'none':
      return [];
    case 'function':
      return [way.functionName];
    case 'queue':
      return [...new Set(way.messages.map(({ queue }) => queues[queue]))];
  }
}

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
