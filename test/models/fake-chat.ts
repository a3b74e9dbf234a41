import type { Card } from '../../shared/domain/model/card.ts';
import type { CardRef, ChatOut, ChatSent } from '../../shared/domain/model/chat-ports.ts';
import type { ChatPlace, ReplyTo } from '../../shared/domain/model/chat.ts';

export type ChatCall =
  | { readonly kind: 'post'; readonly place: ChatPlace; readonly card: Card; readonly key: string }
  | { readonly kind: 'update'; readonly ref: CardRef; readonly card: Card }
  | { readonly kind: 'reply'; readonly to: ReplyTo; readonly card: Card };

type Failure = Exclude<ChatSent, { readonly kind: 'sent' }>;

/** The chat platforms in memory: records every call, and fails where the test says so. */
export class FakeChat implements ChatOut {
  readonly calls: ChatCall[] = [];
  /** How the next calls end; null for success. */
  readonly next: (Failure | null)[] = [];
  /** How a call ends, by its content; null for what `next` says. */
  failsFor: (call: ChatCall) => Failure | null = () => null;
  /** Called while a call is under way. */
  meanwhile: (call: ChatCall) => void = () => {};
  #ids = 0;

  async post(place: ChatPlace, card: Card, key: string): Promise<ChatSent<CardRef>> {
    const failure = this.#made({ kind: 'post', place, card, key });
    if (failure !== null) return failure;
    this.#ids += 1;
    return { kind: 'sent', value: { place, messageId: `m-${this.#ids}` } };
  }

  async update(ref: CardRef, card: Card): Promise<ChatSent> {
    return this.#made({ kind: 'update', ref, card }) ?? { kind: 'sent', value: null };
  }

  async reply(to: ReplyTo, card: Card): Promise<ChatSent> {
    return this.#made({ kind: 'reply', to, card }) ?? { kind: 'sent', value: null };
  }

  /** The kinds and titles of all calls, in short. */
  told(): string[] {
    return this.calls.map(({ kind, card }) => `${kind} ${card.title}`);
  }

  #made(call: ChatCall): Failure | null {
    this.calls.push(call);
    this.meanwhile(call);
    return this.failsFor(call) ?? this.next.shift() ?? null;
  }
}
