import type { Draft } from './draft.ts';
import type { Notice, NoticeKind } from '../model/rollout.ts';
import type { Channel } from '../policy/rules.ts';

/** What a rollout begins with to tell: of these kinds, those that some channel wants. */
export function firstNotices(
  kinds: readonly NoticeKind[],
  channels: readonly Channel[],
  nowMs: number,
): Notice[] {
  const wanted = wantedBy(channels);
  return kinds.filter((kind) => wanted.has(kind)).map((kind) => ({ kind, atMs: nowMs }));
}

export function wantedBy(channels: readonly Channel[]): ReadonlySet<NoticeKind> {
  return new Set(channels.flatMap(({ on }) => on));
}

/**
 * Tells the channels of this, where any wants to know, and of whatever they are still to be told.
 * Saved with the row before it is sent, as results are: what was lost on the way is sent again.
 */
export function tellChannels(draft: Draft, kind: NoticeKind): void {
  const { nowMs, wanted } = draft.moment;
  const { notices } = draft.rollout;
  const isKnown = notices.some((one) => one.kind === kind && one.atMs === nowMs);
  if (wanted.has(kind) && !isKnown) {
    draft.set({ notices: [...notices, { kind, atMs: nowMs }] });
    draft.own();
  }
  announceAll(draft);
}

/** What is still to be told. */
export function announceAll(draft: Draft): void {
  const { notices } = draft.rollout;
  if (notices.length > 0) draft.effects.push({ kind: 'announce', notices });
}

/** These are in the queue, or nobody wants them any more. */
export function onAnnounced(draft: Draft, announced: readonly Notice[]): void {
  const { notices, ownerUntilMs } = draft.rollout;
  const left = notices.filter(
    (one) => !announced.some(({ kind, atMs }) => kind === one.kind && atMs === one.atMs),
  );
  if (left.length < notices.length) draft.set({ notices: left });
  // The queue did not take the rest: nobody is at work on it, so that the next tick tries again.
  const { nowMs } = draft.moment;
  if (left.length > 0 && ownerUntilMs > nowMs) draft.set({ ownerUntilMs: nowMs });
}
