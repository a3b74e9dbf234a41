import * as v from 'valibot';
import { HISTORY_KEPT, type HistoryEntry } from '../../domain/model/rollout.ts';
import { type Fields, unpackingFields } from './kinds.ts';

const integer = v.pipe(v.number(), v.safeInteger());

const FIELDS: Fields<HistoryEntry> = {
  seq: integer,
  atMs: integer,
  what: v.string(),
  count: integer,
  detail: v.string(),
  requestId: v.string(),
  by: v.string(),
};
const NAMES = Object.keys(FIELDS) as (keyof HistoryEntry)[];
const Entries = v.array(unpackingFields(FIELDS));

/**
 * The columns `h000` to `h199` for new entries: a ring that keeps the newest 200 entries of a row.
 *
 * The name of a column is the `seq` of its last entry, modulo 200. A column holds several entries when the
 * write has no room for more columns. So a column overwrites only entries older than the newest 200. Old
 * entries that stay in other columns are dropped when the row is read.
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
      JSON.stringify(together.map((entry) => NAMES.map((field) => entry[field]))),
    );
  }
  return columns;
}

export function isHistoryColumn(name: string): boolean {
  return /^h\d{3}$/.test(name);
}

/** @throws {Error} for a text that `historyColumns` did not write */
export function decodeHistoryColumn(column: string): HistoryEntry[] {
  return v.parse(Entries, JSON.parse(column));
}

/** The newest 200 entries of all columns, oldest first. */
export function historyOf(entries: readonly HistoryEntry[]): HistoryEntry[] {
  return entries.toSorted((a, b) => a.seq - b.seq).slice(-HISTORY_KEPT);
}
