import type { LatchkeyError } from '../../shared/domain/model/errors.ts';
import { duration } from '../show/duration.ts';
import type { Colour, Paint } from '../show/paint.ts';
import { table } from '../show/table.ts';
import { clip, count, countsText, plain } from '../show/text.ts';
import type { LetterList, Report } from './letter-report.ts';

/** Width of a text outside a terminal: our own choice. */
const TEXT_COLUMNS = 200;
const INDENT = '  ';

const COLOURS: Readonly<Record<Report['state'], Colour>> = {
  found: 'dim',
  sent: 'green',
  discarded: 'yellow',
  left: 'red',
};

interface ShowHow {
  readonly paint: Paint;
  /** Width of the terminal; undefined for none. */
  readonly columns: number | undefined;
  /** Messages whose text was shown before. */
  readonly known?: ReadonlySet<string>;
}

/** One line a letter, with its text and remark below. */
export function showReports(
  reports: readonly Report[],
  { paint, columns = TEXT_COLUMNS, known = new Set() }: ShowHow,
): string[] {
  if (reports.length === 0) return [];
  const rows = reports.map(({ messageId, state, ageMs, to, why }) => [
    plain(messageId),
    state === 'found' ? '' : paint(COLOURS[state], state),
    duration(ageMs),
    to.length === 0 ? '–' : plain(to.join(', ')),
    plain(why),
  ]);
  const [header, ...lines] = table(['MESSAGE', 'STATE', 'AGE', 'TO', 'WHY'], rows, paint);
  const below = ({ messageId, text, remark }: Report) => {
    return [
      known.has(messageId) ? '' : paint('dim', clip(`${INDENT}${plain(text)}`, columns)),
      remark === '' ? '' : `${INDENT}${plain(remark)}`,
    ].filter((line) => line !== '');
  };
  return [header!, ...lines.flatMap((line, at) => [line, ...below(reports[at]!)])];
}

export function showTotal({ total, reports, unseen }: LetterList, queueName: string): string {
  const all = `${count(total, 'message')} in ${queueName}`;
  if (unseen > 0) return `${all}; SMQ shows only the first 16, so ${unseen} not shown here`;
  return reports.length === total ? all : `${all}, ${reports.length} of those asked for`;
}

/** Warnings about letters that were not dealt with. */
export function showGaps(missing: readonly string[], short: number): string[] {
  const lines = missing.map(
    (id) => `Cannot find message "${plain(id)}": it is not in the queue, or hidden`,
  );
  if (short === 0) return lines;
  const text = `${count(short, 'message')} of those counted did not arrive, or another reader has them: run it again`;
  return [...lines, text];
}

export function showEnd(
  reports: readonly Report[],
  brokeOff: LatchkeyError | undefined,
  paint: Paint,
): string[] {
  const counts = ['sent', 'discarded', 'left'].map((state) => {
    return [state, reports.filter((report) => report.state === state).length];
  });
  const end = countsText(Object.fromEntries(counts)) || 'nothing was done';
  if (brokeOff === undefined) return [end];
  return [end, paint('red', `stopped early: ${plain(brokeOff.message)}`)];
}
