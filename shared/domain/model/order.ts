import type { ChatAccount, ReplyTo } from './chat.ts';
import type { RolloutRequest } from './request.ts';

/** One line as a command. docs/chatops.md has the grammar. */
export type ChatCommand =
  | { readonly kind: 'help'; readonly about: string | null }
  | { readonly kind: 'whoami' }
  /** null: the newest ones. */
  | { readonly kind: 'status'; readonly rolloutId: string | null }
  /** '' when no reason is given. */
  | { readonly kind: 'stop'; readonly reason: string }
  | { readonly kind: 'go' }
  | OrderCommand;

/** Commands that `chat` sends on through the queue. */
export type OrderCommand =
  /** A dry run where the request says so: `plan`. */
  | { readonly kind: 'ask'; readonly request: RolloutRequest }
  | { readonly kind: 'undo'; readonly rolloutId: string; readonly dryRun: boolean }
  /** `planDigest`: the whole digest from a button, or its beginning from a line. */
  | { readonly kind: 'approve'; readonly rolloutId: string; readonly planDigest: string }
  | { readonly kind: 'deny' | 'pause' | 'resume' | 'abort'; readonly rolloutId: string };

/** One order of a person, on its way from `chat` to `restart`: `latchkey.order/1`. */
export interface Order {
  /** The same for each delivery of one line or click, and another one for each of them. */
  readonly id: string;
  readonly personId: string;
  readonly account: ChatAccount;
  readonly replyTo: ReplyTo;
  /** When the person asked; milliseconds since the epoch. */
  readonly atMs: number;
  readonly via: 'line' | 'button';
  /** The command as Latchkey understood it, in canonical form. */
  readonly text: string;
  readonly command: OrderCommand;
}
