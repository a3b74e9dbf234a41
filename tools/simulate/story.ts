import type { Clock } from '../../shared/domain/model/ports.ts';

/** What happened in one seed, a line each, for whoever has to find out why. */
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

  /** @param text made only when somebody listens */
  tell(text: () => string): void {
    if (!this.#isTold) return;
    const seconds = (this.#clock.nowMs() - this.#startMs) / 1_000;
    this.lines.push(`${seconds.toFixed(3).padStart(10)}  ${text()}`);
  }
}

/** A list that stays readable. */
export function few(items: readonly string[]): string {
  const shown = items.slice(0, 6).join(' ');
  return items.length > 6 ? `${shown} … (${items.length})` : shown;
}
