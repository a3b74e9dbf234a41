import { loadRollout, rolloutReply } from '../rollout-reply.ts';
import type { SeenRoute } from './route.ts';

export const seeRoute: SeenRoute<string> = {
  method: 'GET',
  path: '/rollouts/:rolloutId',
  action: 'see',
  read: ({ rolloutId }) => rolloutId,
  async do(rolloutId, ports) {
    return rolloutReply(await loadRollout(rolloutId, 'show', ports), ports);
  },
};
