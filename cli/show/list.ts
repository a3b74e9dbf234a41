import type { ListView, StopView } from '../api/views.ts';
import { duration, moment } from './duration.ts';
import type { Paint } from './paint.ts';
import { table } from './table.ts';
import { clip, count, plain } from './text.ts';

/** Of a note in a table: our own choice. */
const NOTE_COLUMNS = 40;

export function showList(
  { rollouts, next }: ListView,
  stop: StopView,
  { paint, nowMs }: { readonly paint: Paint; readonly nowMs: number },
): string[] {
  const rows = rollouts.map((one) => [
    one.rolloutId,
    paint(one.status === 'halted' ? 'red' : 'bold', plain(one.status)),
    `${duration(nowMs - one.createdAtMs)} ago`,
    plain(one.keyPair.name),
    String(one.totalCount),
    outcomesOf(one),
    clip(plain(noteOf(one)), NOTE_COLUMNS),
  ]);
  const header = ['ROLLOUT', 'STATUS', 'ASKED', 'KEY PAIR', 'INSTANCES', 'ATTACH', 'NOTE'];
  return [
    ...showStop(stop, paint),
    ...(rows.length === 0 ? ['no rollouts'] : table(header, rows, paint)),
    ...(next === null ? [] : [`more: --after ${plain(next)}`]),
  ];
}

/** Nothing when nothing is stopped. */
export function showStop({ stop, openRollouts }: StopView, paint: Paint): string[] {
  if (stop === null) return [];
  const held = `${count(openRollouts, 'rollout')} held back`;
  const text = `everything is stopped since ${moment(stop.atMs)} by ${plain(stop.by)}: ${plain(stop.reason)}; ${held}`;
  return [paint('red', text)];
}

type Row = ListView['rollouts'][number];

function outcomesOf(row: Row): string {
  const counts = {
    attached: row.attachedCount,
    failed: row.failCount,
    skipped: row.skipCount,
    unknown: row.unknownCount,
    waiting: row.waitingCount,
  };
  return Object.entries(counts)
    .filter(([, n]) => n > 0)
    .map(([what, n]) => `${what} ${n}`)
    .join(', ');
}

function noteOf({ note, undoes, breakGlass }: Row): string {
  return [
    breakGlass === undefined ? '' : `breaks the glass: ${breakGlass.reason}`,
    typeof undoes === 'string' ? `takes back ${undoes}` : '',
    note,
  ]
    .filter((part) => part !== '')
    .join('; ');
}
