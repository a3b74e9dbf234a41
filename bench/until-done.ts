import type { Cloud } from '../local/cloud/index.ts';
import { until } from '../tools/until.ts';

interface StoreTable {
  readonly name: string;
  readonly rows: readonly { readonly primaryKey: Readonly<Record<string, unknown>> }[];
}

const LOOK_EVERY_MS = 250;

/**
 * Waits until every rollout is done. It looks into the store and not at the webhook, because requests
 * of its own would be measured, too.
 */
export function untilDone({ tablestore }: Cloud, what: string, limitMs: number): Promise<void> {
  // A rollout that is done is no longer listed among the open ones.
  const isDone = () =>
    !(tablestore.state() as readonly StoreTable[])
      .find(({ name }) => name === 'index')!
      .rows.some(({ primaryKey }) => String(primaryKey['day']).startsWith('open'));
  return until(`the end of ${what}`, isDone, { limitMs, everyMs: LOOK_EVERY_MS });
}
