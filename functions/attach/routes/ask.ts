import { parseRolloutRequest } from '../../../shared/contract/requests/rollout-request.ts';
import type { RolloutRequest } from '../../../shared/domain/model/request.ts';
import { ask } from '../../../shared/domain/rollouts/ask.ts';
import { originOf } from '../asked.ts';
import { askedReply } from '../rollout-reply.ts';
import type { Route } from './route.ts';

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
