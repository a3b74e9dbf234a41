import type { NoticeKind } from './rollout.ts';

/** One notice on its way to one channel: `latchkey.notice/1`. */
export interface NoticeMessage {
  /** The same for each delivery, and another one for each rollout, kind, moment and channel. */
  readonly id: string;
  readonly rolloutId: string;
  readonly channel: string;
  readonly kind: NoticeKind;
  /** When it came to be; milliseconds since the epoch. */
  readonly atMs: number;
  /** Which delivery this is, from 1. */
  readonly attempt: number;
  /** What the receiver is told of the rollout. */
  readonly data: Readonly<Record<string, unknown>>;
}
