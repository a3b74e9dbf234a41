import * as v from 'valibot';
import { HISTORY_KEPT, type HistoryEntry } from '../../domain/model/rollout.ts';

const integer = v.pipe(v.number(), v.safeInteger());
const Entries = v.array(
  v.pipe(
    v.strictTuple([integer, integer, v.string(), integer, v.string(), v.string(), v.string()]),
    v.transform(([seq, atMs, what, count, detail, requestId, by]): HistoryEntry => ({
      seq,
      atMs,
      what,
      count,
      detail,
      requestId,
      by,
    })),
  ),
);

/**
 * New entries as columns `h000` to `h199`: a ring, so that a row keeps the newest 200.
 *
 * A column is named after the last entry in it, `seq` modulo 200, and holds more than one when there
 * would be too many columns otherwise. What it overwrites is then always older than the newest 200,
 * and what it leaves behind elsewhere is dropped when the row is read.
 *
 * @param entries oldest first
 * @param maxColumns how many columns the write has room for, at least 1
 */
export function historyColumns(
  entries: readonly HistoryEntry[],
  maxColumns: number,
): Map<string, string> {
  const kept = entries.slice(-HISTORY_KEPT);
  const perColumn = Math.ceil(kept.length / maxColumns);
  const columns = new Map<string, string>();
  for (let end = kept.length; end > 0; end -= perColumn) {
    const together = kept.slice(Math.max(0, end - perColumn), end);
    const last = together.at(-1)!;
    columns.set(
      `h${String(last.seq % HISTORY_KEPT).padStart(3, '0')}`,
      JSON.stringify(
        together.map(({ seq, atMs, what, count, detail, requestId, by }) => [
          seq,
          atMs,
          what,
          count,
          detail,
          requestId,
          by,
        ]),
      ),
    );
  }
  return columns;
}

export function isHistoryColumn(name: string): boolean {
  return /^h\d{3}$/.test(name);
}

/** @throws {Error} for a text that `historyColumns` did not make */
export function decodeHistoryColumn(column: string): HistoryEntry[] {
  return v.parse(Entries, JSON.parse(column));
}

/** The newest 200 of what all columns hold, oldest first. */
export function historyOf(entries: readonly HistoryEntry[]): HistoryEntry[] {
  return entries.toSorted((a, b) => a.seq - b.seq).slice(-HISTORY_KEPT);
}
