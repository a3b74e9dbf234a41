import type { Card } from './card.ts';
import type { ChatPlace, ReplyTo } from './chat.ts';

/** What was posted, for later updates: Slack's channel and ts, DingTalk's outTrackId, Feishu's message id. */
export interface CardRef {
  readonly place: ChatPlace;
  readonly messageId: string;
}

/** How a delivery to a chat platform ended. */
export type ChatSent<T = null> =
  | { readonly kind: 'sent'; readonly value: T }
  /** Will never work: the message or the channel is gone, or the platform is not set up. */
  | { readonly kind: 'gone'; readonly why: string }
  /** May have been delivered all the same. */
  | { readonly kind: 'failed'; readonly why: string; readonly retryAfterMs: number | null };

/** Talks to chat platforms. Never rejects; each method makes one attempt. */
export interface ChatOut {
  /**
   * Posts a new message.
   *
   * @param key the same for each attempt at the same message: where the platform can, it is posted once
   */
  post(place: ChatPlace, card: Card, key: string): Promise<ChatSent<CardRef>>;
  /** Edits it in place. */
  update(ref: CardRef, card: Card): Promise<ChatSent>;
  /** Answers one line or click, seen by its author only where the platform can. */
  reply(to: ReplyTo, card: Card): Promise<ChatSent>;
}

/** What is known of one rollout's card in one place: the table `cards`. */
export interface CardState {
  readonly rolloutId: string;
  readonly place: ChatPlace;
  /** Counts the saves. */
  readonly version: number;
  /** '' as long as it is not known to be posted. */
  readonly messageId: string;
  /** How often it has to be posted anew, because what was posted was gone. */
  readonly reposts: number;
  /** Whoever is posting or updating it may still be at work until then. */
  readonly ownerUntilMs: number;
  /** Of what is shown, without tokens; '' for nothing. */
  readonly shownDigest: string;
  readonly shownAtMs: number;
  /** Which save of the rollout is shown: an earlier one is not shown any more. */
  readonly shownVersion: number;
  /** Of what was last tried, and could not be shown; '' when the last try went well. */
  readonly failedDigest: string;
  /** How often that was tried. */
  readonly failures: number;
  /** After a failure: not to be tried again before then. */
  readonly notBeforeMs: number;
  /** Why nothing is shown there any more; '' as long as it is. */
  readonly gone: string;
  /** When the next `latchkey.card/1` for it arrives; in the past when none is under way. */
  readonly wakeAtMs: number;
  /** `atMs` of the latest halt that somebody was notified of; 0 for none. */
  readonly notifiedAtMs: number;
}

export interface Cards {
  load(rolloutId: string, place: ChatPlace): Promise<CardState | undefined>;
  /** Compare-and-set on `version`, as `Rollouts.save`; `before` undefined: only if there is none. */
  save(before: CardState | undefined, after: CardState): Promise<'saved' | 'conflict'>;
}
