import type { Body, Message } from '../conversation.ts';
import type { Surroundings } from '../platform.ts';
import { mentionsIn } from './message-of.ts';

/** The Slack channel. Its messages have unique ids in Slack's form: seconds with six decimals. */
export class Channel {
  readonly #surroundings: Surroundings;
  #lastUs = 0;

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  nextTimestamp(): string {
    this.#lastUs = Math.max(this.#lastUs + 1, this.#surroundings.nowMs() * 1_000);
    const digits = String(this.#lastUs);
    return `${digits.slice(0, -6)}.${digits.slice(-6)}`;
  }

  /** @param onlyFor the only member who sees the message; null: everybody sees it */
  add(body: Body, onlyFor: string | null, author = 'latchkey'): Message {
    const id = this.nextTimestamp();
    const mentions = mentionsIn(body);
    const { conversation } = this.#surroundings;
    return conversation.add({ platform: 'slack', id, author, onlyFor, mentions, body });
  }
}
