import type { Io } from '../io.ts';
import { type Paint, paintFor } from './paint.ts';

/** How a person sees a result. */
export interface View {
  readonly paint: Paint;
  readonly nowMs: number;
  /** Whether to show every row of a long table. */
  readonly all: boolean;
}

/** @param all `--all`; output that is no terminal is never cut */
export function viewOf(io: Pick<Io, 'out' | 'env' | 'nowMs'>, all = false): View {
  return { paint: paintFor(io.out, io), nowMs: io.nowMs(), all: all || !io.out.isTerminal };
}
