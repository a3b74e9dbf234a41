import type { ChatAccount, ChatPlace, ReplyTo } from '../domain/model/chat.ts';

/** What a chat platform sent, verified and read. */
export type ChatIn =
  | LineIn
  | ClickIn
  /** Feishu asks whether the address is ours. */
  | { readonly kind: 'challenge'; readonly challenge: string }
  /** Slack looks whether somebody answers. */
  | { readonly kind: 'ping' }
  /** Nothing of ours: to be answered with success, so that it is not sent again. */
  | { readonly kind: 'ignored'; readonly why: string };

/** Somebody wrote to Latchkey. */
export interface LineIn {
  readonly kind: 'line';
  readonly account: ChatAccount;
  readonly place: ChatPlace;
  /** Without what the platform put around it; '' for what is no text. */
  readonly text: string;
  /** The platform's own: the same each time that it is sent again. */
  readonly id: string;
  /** When it was written, as far as the platform says; milliseconds since the epoch, never in the future. */
  readonly atMs: number;
  readonly replyTo: ReplyTo;
}

/** Somebody pressed a button. */
export interface ClickIn {
  readonly kind: 'click';
  readonly account: ChatAccount;
  /** null: the platform does not say where; the token does. */
  readonly place: ChatPlace | null;
  /** Not verified yet. */
  readonly token: string;
  readonly atMs: number;
  /** null as `place`. */
  readonly replyTo: ReplyTo | null;
  /** Of the message that the button stands on: Slack's ts, DingTalk's outTrackId, Feishu's message id. */
  readonly cardMessageId: string;
}
