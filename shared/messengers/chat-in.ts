import type { ChatAccount, ChatPlace, ReplyTo } from '../domain/model/chat.ts';

/** What a chat platform sent, verified and read. */
export type ChatIn =
  | LineIn
  | ClickIn
  /** The platform checks the address, and expects this body in the answer. */
  | { readonly kind: 'handshake'; readonly answer: object }
  /** Not for Latchkey. Answered with success, so that the platform does not send it again. */
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
