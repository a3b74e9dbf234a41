import type { Flags } from '../flags.ts';
import { type Io, printLines } from '../io.ts';
import { printJson } from './json.ts';
import { type Paint, paintFor } from './paint.ts';
import { table } from './table.ts';

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

/** A table of what `rowOf` makes of each, cut to its first rows unless the view is to show all. */
export function cutTable<T>(
  header: readonly string[],
  all: readonly T[],
  rowOf: (one: T) => string[],
  view: Pick<View, 'all' | 'paint'>,
): string[] {
  const shown = view.all ? all : all.slice(0, MAX_ROWS);
  const hidden = all.length - shown.length;
  const lines = table(header, shown.map(rowOf), view.paint);
  return hidden === 0 ? lines : [...lines, `… and ${hidden} more: --all`];
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
