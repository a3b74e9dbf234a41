import type { OpenEntry, RolloutEntry } from '../../domain/model/ports.ts';
import type { TablestoreClient } from '../tablestore/client.ts';
import {
  type Columns,
  INF_MIN,
  type PrimaryKey,
  type Row,
  type RowWrite,
} from '../tablestore/model.ts';
import type { RangeRead } from '../tablestore/requests.ts';
import { dayOf, pagesOf } from './pages.ts';
import { INDEX, keyIn, rowsUnder } from './tables.ts';

/**
 * The table `index`. Each rollout has a row under the day of its creation, for lists, and a row under `open`
 * until it is done, for the timer.
 */

/** No document says whether a row without columns expires, so every row has one. */
const COLUMNS: Columns = new Map([['kept', 1]]);

const OPEN = 'open';
/** The column of an open entry with the door and the client that asked. Open rollouts are counted by it. */
const ASKER = 'asker';
/** Sorts after every real day and before `open`. */
const LAST_DAY = '9999-12-31';

/** Every write is safe to repeat. */
export function rolloutIndex(client: TablestoreClient) {
  const condition = { row: 'ignore' } as const;

  async function writeAll(writes: readonly RowWrite[]) {
    const errors = await client.batchWriteRow(INDEX.name, writes);
    const error = errors.find((one) => one !== undefined);
    if (error !== undefined) throw error;
  }

  /** Reads until there are `enough` entries, or no more. */
  async function list(range: RangeRead, enough: number): Promise<RolloutEntry[]> {
    const entries: RolloutEntry[] = [];
    for await (const rows of pagesOf(client, range)) {
      entries.push(...rows.map(entryOf));
      if (entries.length >= enough) break;
    }
    return entries;
  }

  return {
    add: (entry: OpenEntry) =>
      writeAll([
        { kind: 'put', key: listKeyOf(entry), columns: COLUMNS, condition },
        openWriteOf(entry),
      ]),
    /** Removes both rows. */
    remove: (entry: RolloutEntry) =>
      writeAll(
        [listKeyOf(entry), keyOf(OPEN, entry)].map((key) => ({ kind: 'delete', key, condition })),
      ),
    /** Oldest first. */
    open: () => list(ALL_OPEN, Number.POSITIVE_INFINITY),
    close: (entry: RolloutEntry) =>
      client.writeRow(INDEX.name, { kind: 'delete', key: keyOf(OPEN, entry), condition }),
    reopen: (entry: OpenEntry) => client.writeRow(INDEX.name, openWriteOf(entry)),
    /** How many open rollouts this client asked for. Stops counting at `atMost`. */
    async countOpen(asker: Asker, atMost: number): Promise<number> {
      const counted = askerOf(asker);
      // A rollout that was reopened may have two entries for a while.
      const found = new Set<string>();
      for await (const rows of pagesOf(client, { ...ALL_OPEN, columns: [ASKER] })) {
        for (const row of rows) {
          if (row.columns.get(ASKER) === counted) found.add(entryOf(row).rolloutId);
        }
        if (found.size >= atMost) break;
      }
      return Math.min(found.size, atMost);
    },
    async newest(limit: number, after?: RolloutEntry): Promise<RolloutEntry[]> {
      const start = after === undefined ? rowsUnder(INDEX, LAST_DAY).end : listKeyOf(after);
      const end = INDEX.primaryKey.map(({ name }) => [name, INF_MIN] as const);
      // One more than asked for, because a range includes its start.
      const most = limit + 1;
      const range = { table: INDEX.name, direction: 'backward', start, end, limit: most } as const;
      const entries = await list(range, most);
      return entries.filter((entry) => !isSame(entry, after)).slice(0, limit);
    },
  };
}

function keyOf(day: string, { rolloutId, createdAtMs }: RolloutEntry): PrimaryKey {
  return keyIn(INDEX, day, createdAtMs, rolloutId);
}

const ALL_OPEN = rowsUnder(INDEX, OPEN);

function listKeyOf(entry: RolloutEntry): PrimaryKey {
  return keyOf(dayOf(entry.createdAtMs), entry);
}

function openWriteOf(entry: OpenEntry): RowWrite {
  const columns = new Map([...COLUMNS, [ASKER, askerOf(entry.origin)]]);
  return { kind: 'put', key: keyOf(OPEN, entry), columns, condition: { row: 'ignore' } };
}

type Asker = Pick<OpenEntry['origin'], 'door' | 'client'>;

/** With the door, because a launch rule may have the same name as a client or a person. */
function askerOf({ door, client }: Asker): string {
  return `${door} ${client}`;
}

function entryOf({ key }: Row): RolloutEntry {
  const values = new Map(key);
  const [rolloutId, createdAtMs] = [values.get('rolloutId'), values.get('time')];
  if (typeof rolloutId !== 'string' || typeof createdAtMs !== 'number') {
    throw new TypeError(`Cannot read table "${INDEX.name}": a key that Latchkey did not write`);
  }
  return { rolloutId, createdAtMs };
}

function isSame(entry: RolloutEntry, other: RolloutEntry | undefined): boolean {
  return entry.rolloutId === other?.rolloutId && entry.createdAtMs === other.createdAtMs;
}
