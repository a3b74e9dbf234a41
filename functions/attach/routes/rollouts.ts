import { listAnswer } from '../../../shared/contract/answers/rollout-answer.ts';
import { parseUndo } from '../../../shared/contract/requests/control-request.ts';
import { parseListQuery } from '../../../shared/contract/requests/list-query.ts';
import { parseRolloutRequest } from '../../../shared/contract/requests/rollout-request.ts';
import type { RolloutRequest } from '../../../shared/domain/model/request.ts';
import { ask } from '../../../shared/domain/rollouts/ask.ts';
import { undo } from '../../../shared/domain/rollouts/undo.ts';
import { json } from '../../../shared/inbound/fc.ts';
import { mapPool } from '../../../shared/lib/pool.ts';
import { originOf } from '../client.ts';
import { askedReply, loadRollout, rolloutReply } from '../rollout-reply.ts';
import type { Route, SeenRoute } from './route.ts';

export const askRoute: Route<RolloutRequest> = {
  method: 'POST',
  path: '/rollouts',
  action: 'ask',
  read: ({ body, regionId }) => parseRolloutRequest(body, { regionId }),
  async do(request, ports, asked, invocation) {
    const { client } = asked.caller;
    return askedReply(await ask(request, originOf(asked), ports, invocation, { client }), ports);
  },
};

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

export const seeRoute: SeenRoute<string> = {
  method: 'GET',
  path: '/rollouts/:rolloutId',
  action: 'see',
  read: ({ rolloutId }) => rolloutId,
  async do(rolloutId, ports) {
    return rolloutReply(await loadRollout(rolloutId, 'show', ports), ports);
  },
};

export const undoRoute: Route<{ readonly rolloutId: string } & ReturnType<typeof parseUndo>> = {
  method: 'POST',
  path: '/rollouts/:rolloutId/undo',
  action: 'undo',
  read: ({ body, rolloutId }) => ({ rolloutId, ...parseUndo(body, rolloutId) }),
  async do({ rolloutId, dryRun, breakGlass }, ports, asked, invocation) {
    const options = { dryRun, breakGlass, client: asked.caller.client };
    await loadRollout(rolloutId, 'undo', ports);
    return askedReply(await undo(rolloutId, originOf(asked), options, ports, invocation), ports);
  },
};
