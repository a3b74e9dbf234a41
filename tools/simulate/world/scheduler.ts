import type { Clock } from '../../../shared/domain/model/ports.ts';
import type { Random } from '../../random.ts';

interface Planned {
  readonly atMs: number;
  /** Decides the order within one millisecond. */
  readonly order: number;
  readonly run: () => void;
}

/** Virtual time: planned actions run one by one, and time jumps from each to the next. */
export class Scheduler implements Clock {
  readonly #random: Random;
  /** The soonest action is the last one. */
  readonly #planned: Planned[] = [];
  #nowMs: number;

  constructor(random: Random, nowMs: number) {
    this.#random = random;
    this.#nowMs = nowMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, run: () => void): void {
    this.at(this.#nowMs + delayMs, run);
  }

  at(atMs: number, run: () => void): void {
    const planned = { atMs: Math.max(atMs, this.#nowMs), order: this.#random.next(), run };
    const later = this.#planned.findLastIndex((other) => isSooner(planned, other));
    this.#planned.splice(later + 1, 0, planned);
  }

  /** Runs all actions until `untilMs`, or until `isOver`, which is checked between any two. */
  async run(untilMs: number, isOver: () => boolean): Promise<void> {
    const soonest = () => this.#planned.at(-1)?.atMs ?? Infinity;
    while (soonest() <= untilMs && !isOver()) {
      const { atMs, run } = this.#planned.pop()!;
      this.#nowMs = atMs;
      run();
      // Lets every promise that can settle do so, before the next action runs.
      await new Promise(setImmediate);
    }
    this.#nowMs = Math.max(this.#nowMs, Math.min(untilMs, soonest()));
  }
}

function isSooner(a: Planned, b: Planned): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}
