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
  /** A binary heap with the soonest action first. */
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
    const heap = this.#planned;
    let index = heap.push(planned) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!isSooner(planned, heap[parent]!)) break;
      heap[index] = heap[parent]!;
      index = parent;
    }
    heap[index] = planned;
  }

  /** Runs all actions until `untilMs`, or until `isOver`, which is checked between any two. */
  async run(untilMs: number, isOver: () => boolean): Promise<void> {
    while (this.#planned[0] !== undefined && this.#planned[0].atMs <= untilMs && !isOver()) {
      const { atMs, run } = this.#take();
      this.#nowMs = atMs;
      run();
      // Lets every promise that can settle do so, before the next action runs.
      await new Promise(setImmediate);
    }
    this.#nowMs = Math.max(this.#nowMs, Math.min(untilMs, this.#planned[0]?.atMs ?? untilMs));
  }

  #take(): Planned {
    const heap = this.#planned;
    const first = heap[0]!;
    const last = heap.pop()!;
    if (heap.length === 0) return first;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isSooner(heap[child + 1]!, heap[child]!)) child += 1;
      if (!isSooner(heap[child]!, last)) break;
      heap[index] = heap[child]!;
      index = child;
    }
    heap[index] = last;
    return first;
  }
}

function isSooner(a: Planned, b: Planned): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}
