/** Slack's ids of messages: seconds with six decimals, each of them once. */
export class Timestamps {
  readonly #nowMs: () => number;
  #lastUs = 0;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  next(): string {
    this.#lastUs = Math.max(this.#lastUs + 1, this.#nowMs() * 1_000);
    const digits = String(this.#lastUs);
    return `${digits.slice(0, -6)}.${digits.slice(-6)}`;
  }
}
