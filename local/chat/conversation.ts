import type { Platform } from './workspace.ts';

/** What a message shows, as its platform keeps it. */
export type Body =
  | { readonly kind: 'text'; readonly text: string }
  /** Slack: the text is for notifications, and shown where there are no blocks. */
  | { readonly kind: 'blocks'; readonly text: string; readonly blocks: readonly unknown[] }
  | { readonly kind: 'markdown'; readonly title: string; readonly text: string }
  /** DingTalk: what fills the card template's variables, for all and for single users. */
  | {
      readonly kind: 'template';
      readonly cardParamMap: Readonly<Record<string, string>>;
      readonly privateData: Readonly<Record<string, Readonly<Record<string, string>>>>;
    }
  /** Feishu: card JSON 2.0. */
  | { readonly kind: 'card'; readonly card: unknown };

export interface Message {
  readonly platform: Platform;
  /** Slack's ts, DingTalk's outTrackId or processQueryKey, Feishu's message_id. */
  readonly id: string;
  /** A member's id; `latchkey`; or the platform's name, where the client itself says something. */
  readonly author: string;
  readonly atMs: number;
  /** The only member who sees it; null: everybody. */
  readonly onlyFor: string | null;
  /** Members who are notified. */
  readonly mentions: readonly string[];
  readonly edits: number;
  readonly body: Body;
}

export type Change =
  | { readonly kind: 'message'; readonly message: Message }
  | { readonly kind: 'removed'; readonly platform: Platform; readonly id: string }
  | Toast;

/** A short note that the client shows for a moment. */
export interface Toast {
  readonly kind: 'toast';
  readonly platform: Platform;
  readonly onlyFor: string;
  readonly tone: string;
  readonly text: string;
}

/** How many messages of one platform are kept: our own choice. */
const MAX_MESSAGES = 500;
const MAX_TOASTS = 100;

/** The one channel of each platform, in memory. */
export class Conversation {
  readonly #messages = new Map<Platform, Map<string, Message>>();
  readonly #toasts: Toast[] = [];
  readonly #listeners = new Set<(change: Change) => void>();

  add(message: Omit<Message, 'edits'>): Message {
    const messages = this.#of(message.platform);
    const added = { ...message, edits: 0 };
    messages.set(message.id, added);
    while (messages.size > MAX_MESSAGES) messages.delete(messages.keys().next().value!);
    this.#tell({ kind: 'message', message: added });
    return added;
  }

  find(platform: Platform, id: string): Message | undefined {
    return this.#of(platform).get(id);
  }

  edit(message: Message, body: Body): Message {
    const edited = { ...message, body, edits: message.edits + 1 };
    this.#of(message.platform).set(message.id, edited);
    this.#tell({ kind: 'message', message: edited });
    return edited;
  }

  remove({ platform, id }: Message): void {
    this.#of(platform).delete(id);
    this.#tell({ kind: 'removed', platform, id });
  }

  toast(platform: Platform, onlyFor: string, tone: string, text: string): void {
    const toast: Toast = { kind: 'toast', platform, onlyFor, tone, text };
    this.#toasts.push(toast);
    if (this.#toasts.length > MAX_TOASTS) this.#toasts.shift();
    this.#tell(toast);
  }

  /** Oldest first, of each platform. */
  all(): Message[] {
    return [...this.#messages.values()].flatMap((messages) => [...messages.values()]);
  }

  /** Those that were shown, oldest first. */
  toasts(): readonly Toast[] {
    return this.#toasts;
  }

  /** @returns what ends it */
  listen(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #of(platform: Platform): Map<string, Message> {
    let messages = this.#messages.get(platform);
    if (messages === undefined) this.#messages.set(platform, (messages = new Map()));
    return messages;
  }

  #tell(change: Change): void {
    for (const listener of this.#listeners) listener(change);
  }
}
