import { listAnswer } from '../../../shared/contract/answers/list-answer.ts';
import { parseListQuery } from '../../../shared/contract/requests/list-query.ts';
import { json } from '../../../shared/inbound/fc.ts';
import { mapPool } from '../../../shared/lib/pool.ts';
import type { SeenRoute } from './route.ts';

/** Rows loaded at once: our own choice, each may have a thousand instances. */
const IN_FLIGHT = 8;

/**
 * One page, newest first. It may hold fewer than `limit` though others follow: an entry of the list
 * whose row was never written is left out. Only a `next` of null ends the list.
 */
export const listRoute: SeenRoute<ReturnType<typeof parseListQuery>> = {
  method: 'GET',
  path: '/rollouts',
  action: 'see',
  read: ({ query }) => parseListQuery(query),
  async do({ limit, after }, { rollouts }) {
    const entries = await rollouts.newest(limit, after);
    const rows = await mapPool(entries, IN_FLIGHT, async ({ rolloutId, createdAtMs }) => {
      const rollout = await rollouts.load(rolloutId);
      return rollout?.createdAtMs === createdAtMs ? [rollout] : [];
    });
    const last = entries.length < limit ? undefined : entries.at(-1);
    return json(200, listAnswer(rows.flat(), last));
  },
};
