import type { StoredMessage } from '../../shared/outbound/smq/smq-reader.ts';
import type { DeadLetter, Way } from './dead-letter.ts';
import type { RedrivePorts } from './redrive-ports.ts';
import { shownText, shownWhy } from './shown-text.ts';

/** One dead letter, and what became of it. Holds no secrets. */
export interface Report {
  readonly messageId: string;
  readonly ageMs: number;
  readonly why: string;
  /** The whole; whoever shows it cuts it. */
  readonly text: string;
  /** The queues or the function that it goes to; none when it cannot be sent again. */
  readonly to: readonly string[];
  /** `found` when nothing was tried; `left` when it is in the dead-letter queue still. */
  readonly state: 'found' | 'sent' | 'discarded' | 'left';
  /** Why it was left or cannot be sent, or what else there is to know; '' for nothing. */
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
    to: placesOf(letter.way, queues),
    state,
    remark,
  };
}

function placesOf(way: Way, queues: RedrivePorts['queues']): string[] {
  switch (way.kind) {
    case 'none':
      return [];
    case 'function':
      return [way.functionName];
    case 'queue':
      return [...new Set(way.messages.map(({ queue }) => queues[queue]))];
  }
}
