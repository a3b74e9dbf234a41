import type { LatchkeyError } from '../../domain/model/errors.ts';
import type { OpenEntry, RolloutEntry } from '../../domain/model/ports.ts';
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
/** Of a place under `open`: the door and the client that asked, to be counted by. */
const ASKER = 'asker';
/** Before every day that comes after our time, and before `open`. */
const LAST_DAY = '9999-12-31';

export interface RolloutIndex {
  /** Safe to repeat. */
  add(entry: OpenEntry): Promise<void>;
  /** Takes both rows away. Safe to repeat. */
  remove(entry: RolloutEntry): Promise<void>;
  /** Oldest first. */
  open(): Promise<RolloutEntry[]>;
  /** Safe to repeat. */
  close(entry: RolloutEntry): Promise<void>;
  /** Safe to repeat. */
  reopen(entry: OpenEntry): Promise<void>;
  /** Rollouts that were asked for by this one and are open; not more than `atMost` are counted. */
  countOpen(asker: Pick<OpenEntry['origin'], 'door' | 'client'>, atMost: number): Promise<number>;
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

  /** Page after page, for as long as somebody takes them. */
  async function* pages(range: Omit<RangeRead, 'table'>): AsyncGenerator<readonly Row[]> {
    let start: RangeEnd | undefined = range.start;
    while (start !== undefined) {
      const page: RangePage = await client.getRange({ ...range, table: INDEX.name, start });
      yield page.rows;
      start = page.next;
    }
  }

  /** Until `enough` entries are there or there are no more. */
  async function list(range: Omit<RangeRead, 'table'>, enough: number): Promise<RolloutEntry[]> {
    const entries: RolloutEntry[] = [];
    for await (const rows of pages(range)) {
      entries.push(...rows.map(entryOf));
      if (entries.length >= enough) break;
    }
    return entries;
  }

  return {
    add: (entry) =>
      writeAll([
        { kind: 'put', key: listKeyOf(entry), columns: COLUMNS, condition },
        { kind: 'put', key: keyOf(OPEN, entry), columns: openColumnsOf(entry), condition },
      ]),
    remove: (entry) =>
      writeAll(
        [listKeyOf(entry), keyOf(OPEN, entry)].map((key) => ({ kind: 'delete', key, condition })),
      ),
    open: () => list(ALL_OPEN, Number.POSITIVE_INFINITY),
    close: (entry) =>
      client.deleteRow(INDEX.name, { kind: 'delete', key: keyOf(OPEN, entry), condition }, safe),
    reopen: (entry) =>
      client.putRow(
        INDEX.name,
        { kind: 'put', key: keyOf(OPEN, entry), columns: openColumnsOf(entry), condition },
        safe,
      ),
    async countOpen(asker, atMost) {
      const wanted = askerOf(asker);
      // One that was taken up again may have two places for a while.
      const found = new Set<string>();
      for await (const rows of pages({ ...ALL_OPEN, columns: [ASKER] })) {
        for (const row of rows) {
          if (row.columns.get(ASKER) === wanted) found.add(entryOf(row).rolloutId);
        }
        if (found.size >= atMost) break;
      }
      return Math.min(found.size, atMost);
    },
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

const ALL_OPEN = {
  direction: 'forward',
  start: rangeEnd(OPEN, INF_MIN, INF_MIN),
  end: rangeEnd(OPEN, INF_MAX, INF_MAX),
} as const;

function listKeyOf(entry: RolloutEntry): PrimaryKey {
  return keyOf(dayOf(entry.createdAtMs), entry);
}

function openColumnsOf({ origin }: OpenEntry): Columns {
  return new Map([...COLUMNS, [ASKER, askerOf(origin)]]);
}

/** A launch rule may have the name of a client, or of a person. */
function askerOf({ door, client }: Pick<OpenEntry['origin'], 'door' | 'client'>): string {
  return `${door} ${client}`;
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
