import { noPaint, type Paint } from './paint.ts';
import { pad, widthOf } from './text.ts';

const GAP = '  ';

/** Aligns rows below a header. Empty columns are left out. Cells may be coloured. */
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
