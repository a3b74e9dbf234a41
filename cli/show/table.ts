import { noPaint, type Paint } from './paint.ts';
import { pad, widthOf } from './text.ts';

const GAP = '  ';

/** Columns as wide as they must be, a header above. Empty columns are left out; cells may be painted. */
export function table(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  paint: Paint = noPaint,
): string[] {
  const used = header.flatMap((_, at) => (rows.some((row) => (row[at] ?? '') !== '') ? [at] : []));
  const widths = used.map((at) =>
    Math.max(widthOf(header[at]!), ...rows.map((row) => widthOf(row[at] ?? ''))),
  );
  const line = (cells: readonly string[]) =>
    used
      .map((at, nth) => pad(cells[at] ?? '', widths[nth]!))
      .join(GAP)
      .trimEnd();
  return [paint('dim', line(header)), ...rows.map(line)];
}
