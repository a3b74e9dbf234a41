import { parseUndo } from '../../../shared/contract/requests/control-request.ts';
import { undo } from '../../../shared/domain/rollouts/undo.ts';
import { originOf } from '../asked.ts';
import { askedReply, loadRollout } from '../rollout-reply.ts';
import type { Route } from './route.ts';

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
