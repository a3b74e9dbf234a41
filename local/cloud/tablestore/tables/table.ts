import { SortedKeys } from './sorted-keys.ts';
import type { ColumnValue, KeyValue } from '../rows/value.ts';

export interface KeyColumn {
  readonly name: string;
  readonly type: 'STRING' | 'INTEGER' | 'BINARY';
}

export interface TableSettings {
  /** -1 = never. */
  readonly timeToLiveSeconds: number;
  /** How far a client's timestamp may be from now. */
  readonly deviationSeconds: number;
  readonly allowUpdate: boolean;
}

export interface Cell {
  readonly value: ColumnValue;
  /** The version number of the only version that is kept. */
  readonly timestampMs: number;
}

export interface Row {
  readonly key: string;
  /** In the order of the table's primary key. */
  readonly primaryKey: readonly KeyValue[];
  readonly cells: ReadonlyMap<string, Cell>;
  /** A row without columns is kept for the time to live after this. */
  readonly writtenAtMs: number;
}

/**
 * One table. It keeps one version of each column (max versions 1). Expired columns are never returned: time to
 * live counts for each column from its own timestamp, as in the real service
 * (https://github.com/AlibabaCloudDocs/ots, Max versions and TTL).
 */
export class Table {
  readonly name: string;
  readonly primaryKey: readonly KeyColumn[];
  settings: TableSettings;
  throughput = { read: 0, write: 0 };
  readonly createdAtMs: number;
  readonly #rows = new Map<string, Row>();
  readonly #keys = new SortedKeys();

  constructor(
    name: string,
    primaryKey: readonly KeyColumn[],
    settings: TableSettings,
    createdAtMs: number,
  ) {
    this.name = name;
    this.primaryKey = primaryKey;
    this.settings = settings;
    this.createdAtMs = createdAtMs;
  }

  get(key: string, nowMs: number): Row | undefined {
    const row = this.#rows.get(key);
    return row === undefined ? undefined : this.#living(row, nowMs);
  }

  put(row: Row): void {
    if (!this.#rows.has(row.key)) this.#keys.add(row.key);
    this.#rows.set(row.key, row);
  }

  delete(key: string): void {
    if (this.#rows.delete(key)) this.#keys.remove(key);
  }

  /** The rows from `start` to `end`, `end` excluded; backward when `end` is the lower one. */
  *range(start: string, end: string, nowMs: number): Generator<Row> {
    const forward = start <= end;
    // Backward, `start` itself belongs to the range: begin at it, or right below it.
    let index = this.#keys.lowerBound(start);
    if (!forward && this.#keys.at(index) !== start) index -= 1;
    for (; index >= 0 && index < this.#keys.size; index += forward ? 1 : -1) {
      const key = this.#keys.at(index)!;
      if (forward ? key >= end : key <= end) return;
      const row = this.get(key, nowMs);
      if (row !== undefined) yield row;
    }
  }

  *all(nowMs: number): Generator<Row> {
    for (let index = 0; index < this.#keys.size; index++) {
      const row = this.get(this.#keys.at(index)!, nowMs);
      if (row !== undefined) yield row;
    }
  }

  /** The row without its expired columns, or undefined when nothing is left. */
  #living(row: Row, nowMs: number): Row | undefined {
    const { timeToLiveSeconds } = this.settings;
    if (timeToLiveSeconds === -1) return row;
    const bornAfterMs = nowMs - timeToLiveSeconds * 1000;
    const cells = [...row.cells].filter(([, cell]) => cell.timestampMs > bornAfterMs);
    if (cells.length === 0 && row.writtenAtMs <= bornAfterMs) return undefined;
    return cells.length === row.cells.size ? row : { ...row, cells: new Map(cells) };
  }
}
