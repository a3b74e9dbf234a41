import { bodiesOf } from '../../shared/contract/messages/codec.ts';
import type { Clock, Queue } from '../../shared/domain/model/ports.ts';
import type { OutMessage } from '../../shared/domain/model/messages.ts';

/** The queue in memory: messages with the time at which they can be received. */
export class ModelQueue implements Queue {
  readonly #clock: Clock;
  #messages: { readonly body: string; readonly visibleAtMs: number }[] = [];
  /** The body of every message that was ever sent. */
  readonly sent: string[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async send(messages: readonly OutMessage[]) {
    for (const { message, delaySeconds } of messages) this.post(bodiesOf(message), delaySeconds);
    return messages.map(() => undefined);
  }

  /** Sends bodies as they are on the wire. */
  post(bodies: readonly string[], delaySeconds: number): void {
    const visibleAtMs = this.#clock.nowMs() + delaySeconds * 1_000;
    this.sent.push(...bodies);
    this.#messages.push(...bodies.map((body) => ({ body, visibleAtMs })));
  }

  /** Removes and returns at most `max` messages that are visible now, oldest first. */
  receive(max: number): string[] {
    const nowMs = this.#clock.nowMs();
    const visible = this.#messages.filter(({ visibleAtMs }) => visibleAtMs <= nowMs).slice(0, max);
    this.#messages = this.#messages.filter((message) => !visible.includes(message));
    return visible.map(({ body }) => body);
  }

  nextMs(): number | undefined {
    if (this.#messages.length === 0) return undefined;
    return Math.min(...this.#messages.map(({ visibleAtMs }) => visibleAtMs));
  }
}
