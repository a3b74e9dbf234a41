/** One run of a function, from its event to its answer, its error or its end by force. */
export class Invocation {
  readonly id: string;
  readonly startedMs: number;
  readonly #onDeath: () => void;
  end: 'none' | 'answered' | 'threw' | 'died' = 'none';

  constructor(id: string, startedMs: number, onDeath: () => void) {
    this.id = id;
    this.startedMs = startedMs;
    this.#onDeath = onDeath;
  }

  /** A dead invocation does nothing more, but calls that it has sent may still take effect. */
  get isAlive(): boolean {
    return this.end === 'none';
  }

  kill(): void {
    if (!this.isAlive) return;
    this.end = 'died';
    this.#onDeath();
  }
}
