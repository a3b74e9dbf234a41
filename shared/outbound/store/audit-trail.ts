import * as v from 'valibot';
import type { AuditEntry, AuditTrail } from '../../domain/model/audit.ts';
import { LatchkeyError } from '../../domain/model/errors.ts';
import { chunks } from '../../lib/pool.ts';
import type { TablestoreClient } from '../tablestore/client.ts';
import { MAX_WRITE_ROWS } from '../tablestore/limits.ts';
import type { Row } from '../tablestore/model.ts';
import { dayOf, pagesOf } from './pages.ts';
import { AUDIT, keyIn, rowsUnder } from './tables.ts';

/** The column of the entry. The key already has a column `entry`. */
const ENTRY_COLUMN = 'told';
const DAY_MS = 86_400_000;

const EntryText = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    seq: v.number(),
    atMs: v.number(),
    what: v.string(),
    count: v.number(),
    detail: v.string(),
    requestId: v.string(),
    by: v.string(),
    rolloutId: v.string(),
    regionId: v.string(),
    keyPairName: v.string(),
    door: v.picklist(['webhook', 'chat', 'launch']),
    client: v.string(),
    instanceIds: v.nullable(v.array(v.string())),
  }),
);

/**
 * The table `audit`: one row for each entry, under the day of the entry (UTC). A row never changes: writing
 * an entry again writes the same row. Rows expire 400 days after they were written.
 */
export function tablestoreAudit(client: TablestoreClient): AuditTrail {
  return {
    async append(entries) {
      // Tablestore refuses a call with the same row twice. A rollout that ends sends all of its entries again.
      const unique = [...new Map(entries.map((one) => [nameOf(one), one])).values()];
      for (const chunk of chunks(unique, MAX_WRITE_ROWS)) {
        const writes = chunk.map((entry) => ({
          kind: 'put' as const,
          key: keyIn(AUDIT, dayOf(entry.atMs), nameOf(entry)),
          columns: new Map([[ENTRY_COLUMN, JSON.stringify(entry)]]),
          condition: { row: 'ignore' } as const,
        }));
        const errors = await client.batchWriteRow(AUDIT.name, writes);
        const error = errors.find((one) => one !== undefined);
        if (error !== undefined) throw error;
      }
    },
  };
}

/**
 * The entries from `fromMs` (inclusive) to `untilMs` (exclusive), oldest first. For tools only.
 *
 * @throws {LatchkeyError} for a row that Latchkey did not write, and what the client throws
 */
export async function* readAudit(
  client: TablestoreClient,
  fromMs: number,
  untilMs: number,
): AsyncGenerator<AuditEntry> {
  for (let dayMs = Math.floor(fromMs / DAY_MS) * DAY_MS; dayMs < untilMs; dayMs += DAY_MS) {
    for await (const rows of pagesOf(client, rowsUnder(AUDIT, dayOf(dayMs)))) {
      for (const row of rows) {
        const entry = entryOf(row);
        if (entry.atMs >= fromMs && entry.atMs < untilMs) yield entry;
      }
    }
  }
}

/** Sorts by time. */
function nameOf({ atMs, rolloutId, seq }: AuditEntry): string {
  return `${String(atMs).padStart(15, '0')}/${rolloutId}/${String(seq).padStart(6, '0')}`;
}

function entryOf({ columns, key }: Row): AuditEntry {
  const read = v.safeParse(EntryText, columns.get(ENTRY_COLUMN));
  if (read.success) return read.output;
  const name = key.map(([, value]) => value).join(' ');
  throw new LatchkeyError(
    'unavailable',
    `Cannot read audit entry "${name}": not written by Latchkey`,
  );
}
