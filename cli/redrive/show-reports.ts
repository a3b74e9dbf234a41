import type { LatchkeyError } from '../../shared/domain/errors.ts';
import { duration } from '../show/duration.ts';
import type { Colour, Paint } from '../show/paint.ts';
import { table } from '../show/table.ts';
import { clip, count, plain } from '../show/text.ts';
import type { Seen } from './list-letters.ts';
import type { Report } from './letter-report.ts';

/** Of a text where nobody's terminal ends the line: our own choice. */
const TEXT_COLUMNS = 200;
const INDENT = '  ';

const COLOURS: Readonly<Record<Report['state'], Colour>> = {
  found: 'dim',
  sent: 'green',
  discarded: 'yellow',
  left: 'red',
};

export interface ShowHow {
  readonly paint: Paint;
  /** Of the terminal; undefined for none. */
  readonly columns: number | undefined;
  /** Those whose text was shown before. */
  readonly isKnown?: (messageId: string) => boolean;
}

/** A line each, its text and what else there is to know below it. */
export function showReports(
  reports: readonly Report[],
  { paint, columns = TEXT_COLUMNS, isKnown = () => false }: ShowHow,
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
      isKnown(messageId) ? '' : paint('dim', clip(`${INDENT}${plain(text)}`, columns)),
      remark === '' ? '' : `${INDENT}${plain(remark)}`,
    ].filter((line) => line !== '');
  };
  return [header!, ...lines.flatMap((line, at) => [line, ...below(reports[at]!)])];
}

/** How many there are, and how many are shown. */
export function showSeen({ total, reports, unseen }: Seen, queueName: string): string {
  const all = `${count(total, 'message')} in ${queueName}`;
  if (unseen > 0) return `${all}; SMQ shows the first 16, so ${unseen} not shown here`;
  return reports.length === total ? all : `${all}, ${reports.length} of those asked for`;
}

export function showMissing(missing: readonly string[]): string[] {
  return missing.map(
    (id) => `Cannot find message "${plain(id)}": it is not in the queue, or hidden`,
  );
}

export function showShort(short: number): string[] {
  if (short === 0) return [];
  return [
    `${count(short, 'message')} of those counted did not come, or somebody else has them: run it again`,
  ];
}

/** What became of all. */
export function showEnd(
  reports: readonly Report[],
  brokeOff: LatchkeyError | undefined,
  paint: Paint,
): string[] {
  const states = ['sent', 'discarded', 'left'] as const;
  const counts = states.flatMap((state) => {
    const n = reports.filter((report) => report.state === state).length;
    return n === 0 ? [] : [`${state} ${n}`];
  });
  const end = counts.length === 0 ? 'nothing was done' : counts.join(', ');
  if (brokeOff === undefined) return [end];
  return [end, paint('red', `broke off: ${plain(brokeOff.message)}`)];
}
