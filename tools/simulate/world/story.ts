import type { Clock } from '../../../shared/domain/model/ports.ts';

/** What happened in one seed, one line each, for finding out why it failed. */
export class Story {
  readonly #clock: Clock;
  readonly #startMs: number;
  readonly #isTold: boolean;
  readonly lines: string[] = [];

  constructor(clock: Clock, isTold: boolean) {
    this.#clock = clock;
    this.#startMs = clock.nowMs();
    this.#isTold = isTold;
  }

  /** @param text called only when the story is kept */
  tell(text: () => string): void {
    if (!this.#isTold) return;
    const seconds = (this.#clock.nowMs() - this.#startMs) / 1_000;
    this.lines.push(`${seconds.toFixed(3).padStart(10)}  ${text()}`);
  }
}

/** The first items, and how many there are. */
export function few(items: readonly string[]): string {
  const shown = items.slice(0, 6).join(' ');
  return items.length > 6 ? `${shown} … (${items.length})` : shown;
}
