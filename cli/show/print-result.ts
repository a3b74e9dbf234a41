import type { Flags } from '../flags.ts';
import { type Io, printLines } from '../io.ts';
import { printJson } from './json.ts';
import { type View, viewOf } from './view.ts';

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
