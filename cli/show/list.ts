import type { ListView, StopView } from '../api/views.ts';
import { duration, moment } from './duration.ts';
import { table } from './table.ts';
import { clip, count, countsText, joined, plain } from './text.ts';
import type { View } from './view.ts';

/** Width of a note in the table: our own choice. */
const NOTE_COLUMNS = 40;

export function showList({ rollouts, next }: ListView, stop: StopView, view: View): string[] {
  const { paint, nowMs } = view;
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
    ...showStop(stop, view),
    ...(rows.length === 0 ? ['no rollouts'] : table(header, rows, paint)),
    ...(next === null ? [] : [`more: --after ${plain(next)}`]),
  ];
}

/** Nothing when nothing is stopped. */
export function showStop({ stop, openRollouts }: StopView, { paint }: View): string[] {
  if (stop === null) return [];
  const { atMs, by, reason } = stop;
  const held = `${count(openRollouts, 'rollout')} held`;
  const text = `everything is stopped since ${moment(atMs)} by ${plain(by)}: ${plain(reason)}; ${held}`;
  return [paint('red', text)];
}

type Row = ListView['rollouts'][number];

function outcomesOf(row: Row): string {
  return countsText({
    attached: row.attachedCount,
    failed: row.failCount,
    skipped: row.skipCount,
    unknown: row.unknownCount,
    waiting: row.waitingCount,
  });
}

function noteOf({ note, undoes, breakGlass }: Row): string {
  return joined(
    '; ',
    breakGlass && `break glass: ${breakGlass.reason}`,
    undoes && `undoes ${undoes}`,
    note,
  );
}
