/** How often expired nonces are removed: our own choice. */
const SWEEP_MS = 60_000;

/** The used nonces. Each is kept for as long as a request with it could still be in time. */
export class Nonces {
  readonly #untilMs = new Map<string, number>();
  #sweptMs = 0;

  /** @returns false when the nonce was used before */
  use(accessKeyId: string, nonce: string, untilMs: number, nowMs: number): boolean {
    if (nowMs - this.#sweptMs >= SWEEP_MS) this.#sweep(nowMs);
    const key = `${accessKeyId}/${nonce}`;
    const knownUntilMs = this.#untilMs.get(key);
    if (knownUntilMs !== undefined && knownUntilMs >= nowMs) return false;
    this.#untilMs.set(key, untilMs);
    return true;
  }

  get size(): number {
    return this.#untilMs.size;
  }

  #sweep(nowMs: number): void {
    this.#sweptMs = nowMs;
    for (const [key, untilMs] of this.#untilMs) if (untilMs < nowMs) this.#untilMs.delete(key);
  }
}
