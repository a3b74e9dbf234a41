import { type Io, printLines } from '../io.ts';
import { printJson } from './json.ts';
import { type View, viewOf } from './view.ts';

/** The flags that say how to print. */
interface PrintFlags {
  readonly json?: boolean | undefined;
  readonly all?: boolean | undefined;
}

/** Prints a result to `out`: with `--json` as a document, else as lines for a person. */
export function printResult(
  io: Pick<Io, 'out' | 'env' | 'nowMs'>,
  { json, all }: PrintFlags,
  document: unknown,
  linesOf: (view: View) => readonly string[],
): void {
  if (json) printJson(io.out, document);
  else printLines(io.out, linesOf(viewOf(io, all)));
}
