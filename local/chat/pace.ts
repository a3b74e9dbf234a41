/** A rate limit over a sliding window. */
export class Pace {
  readonly #limit: number;
  readonly #windowMs: number;
  readonly #calls = new Map<string, number[]>();

  constructor(limit: number, windowMs: number) {
    this.#limit = limit;
    this.#windowMs = windowMs;
  }

  /** Counts one call. @returns 0, or the time to wait in ms; a call over the limit is not counted */
  take(key: string, nowMs: number): number {
    const recent = (this.#calls.get(key) ?? []).filter((atMs) => atMs > nowMs - this.#windowMs);
    this.#calls.set(key, recent);
    if (recent.length >= this.#limit) return recent[0]! + this.#windowMs - nowMs;
    recent.push(nowMs);
    return 0;
  }
}
