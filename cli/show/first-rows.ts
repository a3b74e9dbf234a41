/** More than a screen holds is looked at by nobody: our own choice. */
const MAX_ROWS = 50;

/** @param all whether everything is wanted, as it is where the output goes to a program */
export function firstRows<T>(
  rows: readonly T[],
  all: boolean,
): { readonly shown: readonly T[]; readonly rest: readonly string[] } {
  if (all || rows.length <= MAX_ROWS) return { shown: rows, rest: [] };
  const hidden = rows.length - MAX_ROWS;
  return { shown: rows.slice(0, MAX_ROWS), rest: [`… and ${hidden} more: --all`] };
}
