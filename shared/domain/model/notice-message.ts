import type { NoticeKind } from './rollout.ts';

/** One notice on its way to one channel: `latchkey.notice/1`. */
export interface NoticeMessage {
  /** The same for each delivery. Unique for rollout, kind, moment and channel. */
  readonly id: string;
  readonly rolloutId: string;
  readonly channel: string;
  readonly kind: NoticeKind;
  /** When the event happened; milliseconds since the epoch. */
  readonly atMs: number;
  /** Which delivery this is, from 1. */
  readonly attempt: number;
  /** The state of the rollout, for the receiver. */
  readonly data: Readonly<Record<string, unknown>>;
}
