import { mapPool } from '../../shared/lib/pool.ts';
import type { RolloutEntry, Rollouts } from '../../shared/domain/model/ports.ts';
import { cursorOf } from '../../shared/contract/requests/list-query.ts';
import { viewRow } from './view.ts';

/** Rows loaded at once: our own choice, each may have a thousand instances. */
const IN_FLIGHT = 8;

/**
 * One page, newest first. It may hold fewer than `limit` though others follow: a place in the list
 * whose row never came is passed over. Only a `next` of null ends the list.
 */
export async function listRollouts(
  { limit, after }: { readonly limit: number; readonly after: RolloutEntry | undefined },
  rollouts: Rollouts,
): Promise<Record<string, unknown>> {
  const entries = await rollouts.newest(limit, after);
  const rows = await mapPool(entries, IN_FLIGHT, async ({ rolloutId, createdAtMs }) => {
    const rollout = await rollouts.load(rolloutId);
    return rollout?.createdAtMs === createdAtMs ? [viewRow(rollout)] : [];
  });
  const last = entries.at(-1);
  const next = last === undefined || entries.length < limit ? null : cursorOf(last);
  return { rollouts: rows.flat(), next };
}
