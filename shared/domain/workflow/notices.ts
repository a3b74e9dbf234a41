import type { Draft } from './draft.ts';
import type { Notice, NoticeKind } from '../model/rollout.ts';
import type { Channel } from '../policy/rules.ts';

/** The first notices of a rollout: those of these kinds that a channel subscribes to. */
export function firstNotices(
  kinds: readonly NoticeKind[],
  channels: readonly Channel[],
  nowMs: number,
): Notice[] {
  const subscribed = subscribedKinds(channels);
  return kinds.filter((kind) => subscribed.has(kind)).map((kind) => ({ kind, atMs: nowMs }));
}

export function subscribedKinds(channels: readonly Channel[]): ReadonlySet<NoticeKind> {
  return new Set(channels.flatMap(({ on }) => on));
}

/**
 * Adds a notice if a channel subscribes to it, and emits all unsent notices. A notice is saved with the row
 * before it is sent, so that a lost one is sent again.
 */
export function tellChannels(draft: Draft, kind: NoticeKind): void {
  const { nowMs, subscribed } = draft.moment;
  const { notices } = draft.rollout;
  const isKnown = notices.some((one) => one.kind === kind && one.atMs === nowMs);
  if (subscribed.has(kind) && !isKnown) {
    draft.set({ notices: [...notices, { kind, atMs: nowMs }] });
    draft.own();
  }
  announceAll(draft);
}

/** Emits all unsent notices. */
export function announceAll(draft: Draft): void {
  const { notices } = draft.rollout;
  if (notices.length > 0) draft.effects.push({ kind: 'announce', notices });
}

/** These notices are in the queue, or no channel subscribes to them any more. */
export function onAnnounced(draft: Draft, announced: readonly Notice[]): void {
  const { notices } = draft.rollout;
  const left = notices.filter(
    (one) => !announced.some(({ kind, atMs }) => kind === one.kind && atMs === one.atMs),
  );
  if (left.length < notices.length) draft.set({ notices: left });
  if (left.length > 0) draft.disown();
}
