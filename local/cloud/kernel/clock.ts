/** Undoes what `after` arranged; does nothing when it has run. */
export type Cancel = () => void;

/** The one clock of the local cloud. Everything that takes time asks it. */
export interface CloudClock {
  /** Milliseconds since the epoch. */
  nowMs(): number;
  /** Runs `run` once, `delayMs` from now or a little later, never at once. */
  after(delayMs: number, run: () => void): Cancel;
}

/** Real time. `stop` forgets all that is still to run, so that a process can end. */
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

/** Time that moves only when told to. */
export interface VirtualClock extends CloudClock {
  /** Moves on by `ms` and runs, in order of time, all that falls due on the way. */
  advance(ms: number): void;
  /** When the next thing falls due, or undefined when nothing waits. */
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
