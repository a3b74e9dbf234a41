import * as v from 'valibot';
import { digestOf } from '../../domain/plan/plan.ts';
import type { Log, PlanMemory, Sha256 } from '../../domain/model/ports.ts';
import type { TablestoreClient } from '../tablestore/client.ts';
import { keyIn, PLANS } from './tables.ts';

const SUMMARY = 'summary';

/** A plan summary. A field too many or too few changes its digest, so the digest check finds it. */
const SummaryText = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    regionId: v.string(),
    keyPair: v.object({ name: v.string(), fingerprint: v.string() }),
    options: v.record(v.string(), v.union([v.string(), v.number(), v.boolean(), v.null()])),
    instances: v.array(v.array(v.string())),
  }),
);

/**
 * The table `plans`. A row holds the whole summary in one column. 1,000 instances take about 60 KB, and less
 * than 400 KB with the longest possible ids and names. A column can hold 2 MB.
 *
 * The key is the digest of the content. So writing a row again changes nothing, and a row that somebody
 * changed no longer matches its key.
 */
export function tablestorePlanMemory(
  client: TablestoreClient,
  { sha256, log }: { readonly sha256: Sha256; readonly log: Log },
): PlanMemory {
  const table = PLANS.name;
  return {
    async remember(digest, summary) {
      const columns = new Map([[SUMMARY, JSON.stringify(summary)]]);
      const condition = { row: 'ignore' } as const;
      const write = { kind: 'put', key: keyIn(PLANS, digest), columns, condition } as const;
      await client.writeRow(table, write);
    },
    async recall(digest) {
      const row = await client.getRow({ table, key: keyIn(PLANS, digest) });
      if (row === undefined) return undefined;
      const read = v.safeParse(SummaryText, row.columns.get(SUMMARY));
      if (read.success && digestOf(read.output, sha256) === digest) return read.output;
      log('warn', 'plan.unreadable', { digest });
      return undefined;
    },
  };
}
