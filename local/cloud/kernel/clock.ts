/** Cancels a call of `after`. Does nothing when it has run. */
export type Cancel = () => void;

/** The one clock of the local cloud. Everything that takes time uses it. */
export interface CloudClock {
  /** Milliseconds since the epoch. */
  nowMs(): number;
  /** Runs `run` once, `delayMs` from now or a little later, never synchronously. */
  after(delayMs: number, run: () => void): Cancel;
}

/** Real time. `stop` cancels everything that is pending, so that the process can end. */
export function realClock(): CloudClock & { stop(): void } {
  const pending = new Set<NodeJS.Timeout>();
  return {
    nowMs: () => Date.now(),
    after(delayMs, run) {
      const timer = setTimeout(
        () => {
          pending.delete(timer);
          run();
        },
        Math.max(0, delayMs),
      );
      pending.add(timer);
      return () => {
        pending.delete(timer);
        clearTimeout(timer);
      };
    },
    stop() {
      for (const timer of pending) clearTimeout(timer);
      pending.clear();
    },
  };
}

/** A clock that moves only by `advance`. */
export interface VirtualClock extends CloudClock {
  /** Advances by `ms` and runs everything that falls due, in order of time. */
  advance(ms: number): void;
  /** The time of the next pending call; undefined when there is none. */
  nextMs(): number | undefined;
}

export function virtualClock(startMs: number): VirtualClock {
  let nowMs = startMs;
  let order = 0;
  const waiting: { readonly atMs: number; readonly order: number; readonly run: () => void }[] = [];
  const first = () => {
    let best = 0;
    for (let i = 1; i < waiting.length; i++) {
      const [a, b] = [waiting[i]!, waiting[best]!];
      if (a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order)) best = i;
    }
    return best;
  };
  return {
    nowMs: () => nowMs,
    after(delayMs, run) {
      const item = { atMs: nowMs + Math.max(0, delayMs), order: order++, run };
      waiting.push(item);
      return () => {
        const index = waiting.indexOf(item);
        if (index >= 0) waiting.splice(index, 1);
      };
    },
    advance(ms) {
      const untilMs = nowMs + ms;
      while (waiting.length > 0) {
        const index = first();
        const item = waiting[index]!;
        if (item.atMs > untilMs) break;
        waiting.splice(index, 1);
        nowMs = Math.max(nowMs, item.atMs);
        item.run();
      }
      nowMs = untilMs;
    },
    nextMs: () => waiting[first()]?.atMs,
  };
}
