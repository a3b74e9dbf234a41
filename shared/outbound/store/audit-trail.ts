import * as v from 'valibot';
import type { AuditEntry, AuditTrail } from '../../domain/model/audit.ts';
import { LatchkeyError } from '../../domain/model/errors.ts';
import type { TablestoreClient } from '../tablestore/client.ts';
import { MAX_WRITE_ROWS } from '../tablestore/limits.ts';
import { INF_MAX, INF_MIN, type PrimaryKey, type RangeEnd, type Row } from '../tablestore/model.ts';
import { AUDIT } from './tables.ts';

/** Its column; the key has one that is called `entry`. */
const TOLD = 'told';
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
 * The table `audit`: a row for each entry, under the day on which it happened (UTC). Rows are written and
 * never changed: one that comes again is the same. They end by age, 400 days after they were written.
 */
export function tablestoreAudit(client: TablestoreClient): AuditTrail {
  return {
    async append(entries) {
      // One call takes no row twice, and a rollout that ends tells all of its entries again.
      const unique = [...new Map(entries.map((one) => [nameOf(one), one])).values()];
      for (let from = 0; from < unique.length; from += MAX_WRITE_ROWS) {
        const writes = unique.slice(from, from + MAX_WRITE_ROWS).map((entry) => ({
          kind: 'put' as const,
          key: keyOf(entry),
          columns: new Map([[TOLD, JSON.stringify(entry)]]),
          condition: { row: 'ignore' } as const,
        }));
        const errors = await client.batchWriteRow(AUDIT.name, writes, { idempotent: true });
        const error = errors.find((one) => one !== undefined);
        if (error !== undefined) throw error;
      }
    },
  };
}

/**
 * What happened from `fromMs` on and before `untilMs`, oldest first. For tools: no function reads it.
 *
 * @throws {LatchkeyError} for a row that nobody of ours wrote, and what the client throws
 */
export async function* readAudit(
  client: TablestoreClient,
  fromMs: number,
  untilMs: number,
): AsyncGenerator<AuditEntry> {
  for (let dayMs = floorDay(fromMs); dayMs < untilMs; dayMs += DAY_MS) {
    const day = dayOf(dayMs);
    let start: RangeEnd | undefined = end(day, INF_MIN);
    while (start !== undefined) {
      const page = await client.getRange({
        table: AUDIT.name,
        direction: 'forward',
        start,
        end: end(day, INF_MAX),
      });
      for (const row of page.rows) {
        const entry = entryOf(row);
        if (entry.atMs >= fromMs && entry.atMs < untilMs) yield entry;
      }
      start = page.next;
    }
  }
}

function keyOf(entry: AuditEntry): PrimaryKey {
  return [
    ['day', dayOf(entry.atMs)],
    ['entry', nameOf(entry)],
  ];
}

/** Sorts by time. */
function nameOf({ atMs, rolloutId, seq }: AuditEntry): string {
  return `${String(atMs).padStart(15, '0')}/${rolloutId}/${String(seq).padStart(6, '0')}`;
}

function end(day: string, entry: typeof INF_MIN | typeof INF_MAX): RangeEnd {
  return [
    ['day', day],
    ['entry', entry],
  ];
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

function floorDay(ms: number): number {
  return Math.floor(ms / DAY_MS) * DAY_MS;
}

function entryOf({ columns, key }: Row): AuditEntry {
  const read = v.safeParse(EntryText, columns.get(TOLD));
  if (read.success) return read.output;
  const name = key.map(([, value]) => value).join(' ');
  throw new LatchkeyError('unavailable', `Cannot read audit entry "${name}": not one of ours`);
}
