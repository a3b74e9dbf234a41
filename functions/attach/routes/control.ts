import { parseCommand } from '../../../shared/contract/requests/control-request.ts';
import type { Command, Wish } from '../../../shared/domain/model/command.ts';
import { carryOutCommand } from '../../../shared/domain/rollouts/carry-out-command.ts';
import { once } from '../asked.ts';
import { commandOf, nameOf } from '../client.ts';
import { loadRollout, rolloutReply } from '../rollout-reply.ts';
import type { Route } from './route.ts';

type ControlRoute = Route<{ readonly rolloutId: string; readonly wish: Wish }>;

/** `Record`, so that no command is forgotten. */
const ACTIONS: Readonly<Record<Command['kind'], true>> = {
  pause: true,
  resume: true,
  abort: true,
  approve: true,
  deny: true,
  resolve: true,
};

/** What changes the course of a rollout: one route a command. */
export const controlRoutes = (Object.keys(ACTIONS) as Command['kind'][]).map(controlRoute);

function controlRoute(action: Command['kind']): ControlRoute {
  return {
    method: 'POST',
    path: `/rollouts/:rolloutId/${action}`,
    action,
    read: ({ body, rolloutId }) => ({ rolloutId, wish: parseCommand(body, { rolloutId, action }) }),
    async do({ rolloutId, wish }, ports, asked, invocation) {
      const { caller } = asked;
      const command = commandOf(wish, caller.client);
      const rollout = await loadRollout(rolloutId, action, ports);
      const tell = () => carryOutCommand(rollout, command, nameOf(caller), ports, invocation);
      return rolloutReply(await once(asked, ports, tell, async () => rollout), ports);
    },
  };
}
