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
