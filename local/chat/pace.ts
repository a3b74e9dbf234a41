/** Counts calls in a sliding window. */
export class Pace {
  readonly #limit: number;
  readonly #windowMs: number;
  readonly #calls = new Map<string, number[]>();

  constructor(limit: number, windowMs: number) {
    this.#limit = limit;
    this.#windowMs = windowMs;
  }

  /** Counts one call. @returns 0, or how long to wait when there were too many: then it is not counted */
  take(key: string, nowMs: number): number {
    const recent = (this.#calls.get(key) ?? []).filter((atMs) => atMs > nowMs - this.#windowMs);
    this.#calls.set(key, recent);
    if (recent.length >= this.#limit) return recent[0]! + this.#windowMs - nowMs;
    recent.push(nowMs);
    return 0;
  }
}
