import type { StoredMessage } from '../../shared/outbound/smq/smq-reader.ts';
import type { DeadLetter, Way } from './dead-letter.ts';
import type { RedrivePorts } from './redrive-ports.ts';
import { shownText, shownWhy } from './shown-text.ts';

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
