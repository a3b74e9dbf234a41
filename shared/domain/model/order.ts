import type { RolloutRequest } from './request.ts';

/** Where people talk to Latchkey. */
export type Platform = 'slack' | 'dingtalk' | 'feishu';

/** Who wrote or pressed, as a verified payload names it: never by a name, an email or a button's value. */
export interface ChatAccount {
  readonly platform: Platform;
  /** Slack's team id, DingTalk's corp id, Feishu's tenant key. */
  readonly tenant: string;
  readonly user: string;
}

/** A conversation. */
export interface ChatPlace {
  readonly platform: Platform;
  readonly tenant: string;
  readonly channel: string;
}

/** Where the answer to one line or click goes. */
export interface ReplyTo {
  readonly place: ChatPlace;
  readonly user: string;
  /** Slack's `response_url` or DingTalk's `sessionWebhook`, on its pinned host; '' for none. Never logged. */
  readonly url: string;
  /** Until when `url` takes answers; milliseconds since the epoch. */
  readonly untilMs: number;
  /** Feishu's message to answer to; '' elsewhere. */
  readonly messageId: string;
}

/** What one line says: docs/chatops.md has the grammar. */
export type ChatCommand =
  | { readonly kind: 'help'; readonly about: string | null }
  | { readonly kind: 'whoami' }
  /** null: the newest ones. */
  | { readonly kind: 'status'; readonly rolloutId: string | null }
  /** '' when no reason is given. */
  | { readonly kind: 'stop'; readonly reason: string }
  | { readonly kind: 'go' }
  | OrderCommand;

/** What is not done at once, but sent on through the queue. */
export type OrderCommand =
  /** A dry run where the request says so: `plan`. */
  | { readonly kind: 'ask'; readonly request: RolloutRequest }
  | { readonly kind: 'undo'; readonly rolloutId: string; readonly dryRun: boolean }
  /** `planDigest`: what was read, whole from a button, or its beginning from a line. */
  | { readonly kind: 'approve'; readonly rolloutId: string; readonly planDigest: string }
  | { readonly kind: 'deny' | 'pause' | 'resume' | 'abort'; readonly rolloutId: string };

/** One order of a person, on its way from `chat` to `restart`: `latchkey.order/1`. */
export interface Order {
  /** The same for each delivery of one line or click, and another one for each of them. */
  readonly id: string;
  readonly personId: string;
  readonly account: ChatAccount;
  readonly replyTo: ReplyTo;
  /** When it was asked for; milliseconds since the epoch. */
  readonly atMs: number;
  readonly via: 'line' | 'button';
  /** As it was understood, in canonical form. */
  readonly text: string;
  readonly command: OrderCommand;
}

/** What can be pressed on a card. */
export type ButtonAction = 'approve' | 'deny' | 'pause' | 'resume' | 'abort' | 'undo';
