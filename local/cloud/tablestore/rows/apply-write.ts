import { type ColumnChange, notInteger } from './column-change.ts';
import { check, type Expectation } from './expectation.ts';
import { invalid } from '../errors.ts';
import type { RowWrite } from './row-write.ts';
import type { Cell, Row, Table } from '../tables/table.ts';

/**
 * Carries out one write, completely or not at all.
 *
 * @returns the new row; undefined when it was deleted
 * @throws {OtsError} when the condition is not met, or a counter's column is not an integer
 */
export function applyWrite(
  table: Table,
  write: RowWrite,
  expected: Expectation,
  nowMs: number,
): Row | undefined {
  const before = table.get(write.key, nowMs);
  check(before, expected);
  if (write.kind === 'delete') {
    table.delete(write.key);
    return undefined;
  }
  const cells = new Map(write.kind === 'update' ? before?.cells : undefined);
  for (const change of write.changes) applyChange(cells, change, nowMs);
  const { key, primaryKey } = write;
  const row: Row = { key, primaryKey, cells, writtenAtMs: nowMs };
  table.put(row);
  return row;
}

const MAX_INTEGER = 2n ** 63n - 1n;

function applyChange(cells: Map<string, Cell>, change: ColumnChange, nowMs: number): void {
  const { name } = change;
  const there = cells.get(name);
  switch (change.kind) {
    case 'put': {
      const timestampMs = change.timestampMs ?? nowMs;
      // The newest version is the one that is kept.
      if (there !== undefined && there.timestampMs > timestampMs) return;
      cells.set(name, { value: change.value, timestampMs });
      return;
    }
    case 'increment': {
      if (there !== undefined && there.value.kind !== 'integer') throw notInteger(name);
      const sum = (there?.value.kind === 'integer' ? there.value.value : 0n) + change.by;
      if (sum > MAX_INTEGER || sum < -MAX_INTEGER - 1n) {
        throw invalid(`Column: '${name}' would overflow as a counter.`);
      }
      const timestampMs = change.timestampMs ?? nowMs;
      cells.set(name, { value: { kind: 'integer', value: sum }, timestampMs });
      return;
    }
    case 'delete-version':
      if (there?.timestampMs === change.timestampMs) cells.delete(name);
      return;
    case 'delete-all':
      cells.delete(name);
      return;
  }
}
