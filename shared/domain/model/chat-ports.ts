import type { Card } from './card.ts';
import type { ChatPlace, ReplyTo } from './chat.ts';

/** A posted card, for later updates: Slack's channel and ts, DingTalk's outTrackId, Feishu's message id. */
export interface CardRef {
  readonly place: ChatPlace;
  readonly messageId: string;
}

/** How a delivery to a chat platform ended. */
export type ChatSent<T = null> =
  | { readonly kind: 'sent'; readonly value: T }
  /** It will never work: the message or the channel is gone, or the platform is not set up. */
  | { readonly kind: 'gone'; readonly why: string }
  /** The message may have arrived all the same. */
  | { readonly kind: 'failed'; readonly why: string; readonly retryAfterMs: number | null };

/** Talks to chat platforms. Never rejects; each method makes one attempt. */
export interface ChatOut {
  /**
   * Posts a new message.
   *
   * @param key the same for each attempt at one message: a platform that can recognises it and posts once
   */
  post(place: ChatPlace, card: Card, key: string): Promise<ChatSent<CardRef>>;
  /** Edits it in place. */
  update(ref: CardRef, card: Card): Promise<ChatSent>;
  /** Answers one line or click. Only its author sees the answer where the platform can do that. */
  reply(to: ReplyTo, card: Card): Promise<ChatSent>;
}

/** The state of one rollout's card in one place: a row of the table `cards`. */
export interface CardState {
  readonly rolloutId: string;
  readonly place: ChatPlace;
  /** Counts the saves. */
  readonly version: number;
  /** '' while it is not known to be posted. */
  readonly messageId: string;
  /** How often it was posted again because the posted card was gone. */
  readonly reposts: number;
  /** The invocation that posts or updates it may still run until then. */
  readonly ownerUntilMs: number;
  /** Of the shown card, without tokens; '' for none. */
  readonly shownDigest: string;
  readonly shownAtMs: number;
  /** The version of the rollout that is shown. An older version is never shown after it. */
  readonly shownVersion: number;
  /** Of the card that could not be shown at the last try; '' after a success. */
  readonly failedDigest: string;
  /** How often that was tried. */
  readonly failures: number;
  /** After a failure: the next try is not before then. */
  readonly notBeforeMs: number;
  /** Why nothing is shown there any more; '' otherwise. */
  readonly gone: string;
  /** When the next `latchkey.card/1` for it arrives; in the past when none was sent. */
  readonly wakeAtMs: number;
  /** `atMs` of the latest halt that was notified; 0 for none. */
  readonly notifiedAtMs: number;
}

export interface Cards {
  load(rolloutId: string, place: ChatPlace): Promise<CardState | undefined>;
  /** Compare-and-set on `version`, as `Rollouts.save`; `before` undefined: only if there is none. */
  save(before: CardState | undefined, after: CardState): Promise<'saved' | 'conflict'>;
}
