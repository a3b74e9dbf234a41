import type { Platform } from './workspace.ts';

/** The content of a message, in the form of its platform. */
export type Body =
  | { readonly kind: 'text'; readonly text: string }
  /** Slack. The text is for notifications; clients show the blocks. */
  | { readonly kind: 'blocks'; readonly text: string; readonly blocks: readonly unknown[] }
  | { readonly kind: 'markdown'; readonly title: string; readonly text: string }
  /** DingTalk: the variables of the card template, for everybody, and those that differ for one member. */
  | {
      readonly kind: 'template';
      readonly cardParamMap: Readonly<Record<string, string>>;
      readonly privateData: Readonly<Record<string, Readonly<Record<string, string>>>>;
    }
  /** A card in the platform's own JSON. */
  | { readonly kind: 'card'; readonly card: unknown };

export interface Message {
  readonly platform: Platform;
  /** Slack's ts, DingTalk's outTrackId or processQueryKey, Feishu's message_id. */
  readonly id: string;
  /** A member's id, `latchkey`, or the platform's name for a message of the client itself. */
  readonly author: string;
  readonly atMs: number;
  /** The only member who sees the message. null: everybody sees it. */
  readonly onlyFor: string | null;
  /** Members who are notified. */
  readonly mentions: readonly string[];
  /** How often the message was edited. It numbers the versions of the message. */
  readonly edits: number;
  readonly body: Body;
}

export type Change =
  | { readonly kind: 'message'; readonly message: Message }
  | { readonly kind: 'removed'; readonly platform: Platform; readonly id: string }
  | Toast;

/** A short notice that the client shows for a few seconds. */
export interface Toast {
  readonly kind: 'toast';
  readonly platform: Platform;
  readonly onlyFor: string;
  readonly tone: string;
  readonly text: string;
}

type NewMessage = Pick<Message, 'platform' | 'id' | 'author' | 'body'> &
  Partial<Pick<Message, 'onlyFor' | 'mentions'>>;

/** How many messages of each platform are kept: our own choice. */
const MAX_MESSAGES = 500;
/** How many replaced versions are kept, over all messages: our own choice. */
const MAX_EARLIER = 1_000;
const MAX_TOASTS = 100;

/** The one channel of each platform, in memory. */
export class Conversation {
  readonly #nowMs: () => number;
  readonly #messages = new Map<Platform, Map<string, Message>>();
  readonly #earlier: Message[] = [];
  readonly #toasts: Toast[] = [];
  readonly #listeners = new Set<(change: Change) => void>();

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** Adds a message, by default for everybody and without mentions. */
  add(message: NewMessage): Message {
    const messages = this.#of(message.platform);
    const added = { onlyFor: null, mentions: [], ...message, atMs: this.#nowMs(), edits: 0 };
    messages.set(message.id, added);
    if (messages.size > MAX_MESSAGES) messages.delete(messages.keys().next().value!);
    this.#announce({ kind: 'message', message: added });
    return added;
  }

  /** @param edits which version; default: the current one */
  find(platform: Platform, id: string, edits?: number): Message | undefined {
    const current = this.#of(platform).get(id);
    if (edits === undefined || current?.edits === edits) return current;
    return this.#earlier.find(
      (each) => each.platform === platform && each.id === id && each.edits === edits,
    );
  }

  /** Replaces the current body of a message, whichever version is passed. A removed message stays removed. */
  edit({ platform, id }: Message, body: Body): void {
    const current = this.find(platform, id);
    if (current === undefined) return;
    this.#earlier.push(current);
    if (this.#earlier.length > MAX_EARLIER) this.#earlier.shift();
    const edited = { ...current, body, edits: current.edits + 1 };
    this.#of(platform).set(id, edited);
    this.#announce({ kind: 'message', message: edited });
  }

  remove({ platform, id }: Message): void {
    this.#of(platform).delete(id);
    this.#announce({ kind: 'removed', platform, id });
  }

  toast(platform: Platform, onlyFor: string, tone: string, text: string): void {
    const toast: Toast = { kind: 'toast', platform, onlyFor, tone, text };
    this.#toasts.push(toast);
    if (this.#toasts.length > MAX_TOASTS) this.#toasts.shift();
    this.#announce(toast);
  }

  /** All messages, oldest first within each platform. */
  all(): Message[] {
    return [...this.#messages.values()].flatMap((messages) => [...messages.values()]);
  }

  /** The latest toasts, oldest first. */
  toasts(): readonly Toast[] {
    return this.#toasts;
  }

  /** @returns a function that ends the subscription */
  listen(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #of(platform: Platform): Map<string, Message> {
    let messages = this.#messages.get(platform);
    if (messages === undefined) this.#messages.set(platform, (messages = new Map()));
    return messages;
  }

  #announce(change: Change): void {
    for (const listener of this.#listeners) listener(change);
  }
}
