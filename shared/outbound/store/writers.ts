import type { Columns, ColumnValue } from '../tablestore/model.ts';

/**
 * Columns that name the writers of a row's last versions. They show whether a write took effect when its
 * answer was lost, or when its condition failed because an earlier try of it had succeeded.
 *
 * One name is not enough, because others may have written since. So a ring holds the writer of each of the
 * last 16 versions, and one column holds the creator, which nobody overwrites.
 */

/** Our own choice: how many saves may happen between a write and the check of its fate. */
const REMEMBERED = 16;

export const CREATOR_COLUMN = 'creator';

export function writerColumn(version: number): string {
  return `w${String(version % REMEMBERED).padStart(2, '0')}`;
}

export function writerValue(version: number, writer: string): ColumnValue {
  return `${version} ${writer}`;
}

/**
 * What happened to the write of `version`.
 *
 * `not-yet`: the row has an earlier version, and a try may still take effect. `overtaken`: somebody else wrote
 * this version. `forgotten`: the ring no longer holds this version.
 */
export function fateOf(
  columns: Columns | undefined,
  version: number,
  writer: string,
): 'written' | 'overtaken' | 'not-yet' | 'forgotten' {
  const current = columns?.get('version');
  // The row has expired, so its condition refuses our write.
  if (typeof current !== 'number') return 'overtaken';
  if (current < version) return 'not-yet';
  if (columns?.get(writerColumn(version)) === writerValue(version, writer)) return 'written';
  return current - version < REMEMBERED ? 'overtaken' : 'forgotten';
}
