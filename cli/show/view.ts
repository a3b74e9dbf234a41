import { type Io, printLines } from '../io.ts';
import { type Paint, paintFor } from './paint.ts';
import type { Flags } from '../flags.ts';
import { printJson } from './json.ts';

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

/** Rows of a table in a terminal unless `--all` is given: our own choice. */
const MAX_ROWS = 50;

/** @returns `rest`: a line that tells how many rows are hidden, or none */
export function firstRows<T>(
  rows: readonly T[],
  all: boolean,
): { readonly shown: readonly T[]; readonly rest: readonly string[] } {
  if (all || rows.length <= MAX_ROWS) return { shown: rows, rest: [] };
  const hidden = rows.length - MAX_ROWS;
  return { shown: rows.slice(0, MAX_ROWS), rest: [`… and ${hidden} more: --all`] };
}

/** Prints a result to `out`: with `--json` as a document, else as lines for a person. */
export function printResult(
  io: Pick<Io, 'out' | 'env' | 'nowMs'>,
  { json, all }: Flags,
  document: unknown,
  linesOf: (view: View) => readonly string[],
): void {
  if (json) printJson(io.out, document);
  else printLines(io.out, linesOf(viewOf(io, all)));
}
