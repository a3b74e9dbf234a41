import type { LatchkeyError } from '../../domain/errors.ts';
import type { RolloutEntry } from '../../domain/ports.ts';
import type { RangePage } from '../tablestore/answers.ts';
import type { TablestoreClient } from '../tablestore/client.ts';
import {
  type Columns,
  INF_MAX,
  INF_MIN,
  type PrimaryKey,
  type RangeEnd,
  type Row,
} from '../tablestore/model.ts';
import type { RangeRead } from '../tablestore/requests.ts';
import { INDEX } from './tables.ts';

/**
 * The table `index`: for each rollout a row under the day of its creation, to list by, and one under
 * `open` for as long as the timer has to look after it.
 */

/** Whether a row without columns ends by age is documented nowhere, so there is one. */
const COLUMNS: Columns = new Map([['kept', 1]]);

const OPEN = 'open';
/** Before every day that comes after our time, and before `open`. */
const LAST_DAY = '9999-12-31';

export interface RolloutIndex {
  /** Safe to repeat. */
  add(entry: RolloutEntry): Promise<void>;
  /** Takes both rows away. Safe to repeat. */
  remove(entry: RolloutEntry): Promise<void>;
  /** Oldest first. */
  open(): Promise<RolloutEntry[]>;
  /** Safe to repeat. */
  close(entry: RolloutEntry): Promise<void>;
  /** Safe to repeat. */
  reopen(entry: RolloutEntry): Promise<void>;
  newest(limit: number, after?: RolloutEntry): Promise<RolloutEntry[]>;
}

export function rolloutIndex(client: TablestoreClient): RolloutIndex {
  const condition = { row: 'ignore' } as const;
  const safe = { idempotent: true } as const;

  async function writeAll(writes: Parameters<TablestoreClient['batchWriteRow']>[1]) {
    const errors = await client.batchWriteRow(INDEX.name, writes, safe);
    const error = errors.find((one): one is LatchkeyError => one !== undefined);
    if (error !== undefined) throw error;
  }

  /** Page after page, until `enough` entries are there or there are no more. */
  async function list(range: Omit<RangeRead, 'table'>, enough: number): Promise<RolloutEntry[]> {
    const entries: RolloutEntry[] = [];
    let start: RangeEnd | undefined = range.start;
    while (start !== undefined && entries.length < enough) {
      const page: RangePage = await client.getRange({ ...range, table: INDEX.name, start });
      entries.push(...page.rows.map(entryOf));
      start = page.next;
    }
    return entries;
  }

  return {
    add: (entry) =>
      writeAll(keysOf(entry).map((key) => ({ kind: 'put', key, columns: COLUMNS, condition }))),
    remove: (entry) => writeAll(keysOf(entry).map((key) => ({ kind: 'delete', key, condition }))),
    open: () =>
      list(
        {
          direction: 'forward',
          start: rangeEnd(OPEN, INF_MIN, INF_MIN),
          end: rangeEnd(OPEN, INF_MAX, INF_MAX),
        },
        Number.POSITIVE_INFINITY,
      ),
    close: (entry) =>
      client.deleteRow(INDEX.name, { kind: 'delete', key: keyOf(OPEN, entry), condition }, safe),
    reopen: (entry) =>
      client.putRow(
        INDEX.name,
        { kind: 'put', key: keyOf(OPEN, entry), columns: COLUMNS, condition },
        safe,
      ),
    async newest(limit, after) {
      const start =
        after === undefined
          ? rangeEnd(LAST_DAY, INF_MAX, INF_MAX)
          : keyOf(dayOf(after.createdAtMs), after);
      const end = rangeEnd(INF_MIN, INF_MIN, INF_MIN);
      // One more than wanted: the start of a range is in it.
      const range = { direction: 'backward', start, end, limit: limit + 1 } as const;
      const entries = await list(range, limit + 1);
      return entries.filter((entry) => !isSame(entry, after)).slice(0, limit);
    },
  };
}

type EndValue = RangeEnd[number][1];

function rangeEnd(day: EndValue, time: EndValue, rolloutId: EndValue): RangeEnd {
  return [
    ['day', day],
    ['time', time],
    ['rolloutId', rolloutId],
  ];
}

function keyOf(day: string, { rolloutId, createdAtMs }: RolloutEntry): PrimaryKey {
  return [
    ['day', day],
    ['time', createdAtMs],
    ['rolloutId', rolloutId],
  ];
}

function keysOf(entry: RolloutEntry): PrimaryKey[] {
  return [keyOf(dayOf(entry.createdAtMs), entry), keyOf(OPEN, entry)];
}

/** The day in UTC, such as `2026-11-24`. */
function dayOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10);
}

function entryOf({ key }: Row): RolloutEntry {
  const values = new Map(key);
  const [rolloutId, createdAtMs] = [values.get('rolloutId'), values.get('time')];
  if (typeof rolloutId !== 'string' || typeof createdAtMs !== 'number') {
    throw new TypeError(`Cannot read table "${INDEX.name}": a key of another form`);
  }
  return { rolloutId, createdAtMs };
}

function isSame(entry: RolloutEntry, other: RolloutEntry | undefined): boolean {
  return entry.rolloutId === other?.rolloutId && entry.createdAtMs === other.createdAtMs;
}
