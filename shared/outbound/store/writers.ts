import type { Columns, ColumnValue } from '../tablestore/model.ts';

/**
 * Who made the last writes of a row. When a write's answer was lost, or its condition failed because
 * an earlier try of the same write had gone through, reading this tells whether it took effect.
 *
 * One name would not do: others may have written since. So there is a ring, one column for each of
 * the last 16 versions, and the creator's name, which nobody overwrites.
 */

/** Our own choice: so many saves may come between a write and the look for what became of it. */
const REMEMBERED = 16;

export const CREATOR_COLUMN = 'creator';

export function writerColumn(version: number): string {
  return `w${String(version % REMEMBERED).padStart(2, '0')}`;
}

export function writerValue(version: number, writer: string): ColumnValue {
  return `${version} ${writer}`;
}

/**
 * What became of the write that was to make `version`.
 *
 * `not-yet`: the row is at an earlier version; a try that is still under way may take effect.
 * `forgotten`: too many others wrote since.
 */
export function fateOf(
  columns: Columns | undefined,
  version: number,
  writer: string,
): 'written' | 'overtaken' | 'not-yet' | 'forgotten' {
  const current = columns?.get('version');
  // No row: it ended by age, and no write of ours will be taken.
  if (typeof current !== 'number') return 'overtaken';
  if (current < version) return 'not-yet';
  if (columns?.get(writerColumn(version)) === writerValue(version, writer)) return 'written';
  return current - version < REMEMBERED ? 'overtaken' : 'forgotten';
}
