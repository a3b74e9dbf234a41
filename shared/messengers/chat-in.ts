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
  /** Without the platform's markup and mentions. '' for a message that is not text. */
  readonly text: string;
  /** The platform's id of the line. The same at each delivery. */
  readonly id: string;
  /** When it was written, if the platform says so, else when it came. Milliseconds since the epoch, never in the future. */
  readonly atMs: number;
  readonly replyTo: ReplyTo;
}

/** Somebody pressed a button. */
export interface ClickIn {
  readonly kind: 'click';
  readonly account: ChatAccount;
  /** null: the platform does not say. The token does. */
  readonly place: ChatPlace | null;
  /** Not verified yet. */
  readonly token: string;
  readonly atMs: number;
  /** null: as for `place`. */
  readonly replyTo: ReplyTo | null;
  /** The message with the button: Slack's ts, DingTalk's outTrackId, Feishu's message id. */
  readonly cardMessageId: string;
}
