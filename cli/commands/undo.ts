import { Option } from 'commander';
import { askRollout } from '../ask-rollout.ts';
import type { CommandSpec } from '../command.ts';
import * as flag from '../flags.ts';
import { webhookOf } from '../webhook.ts';
import { finish } from './finish.ts';

export const undo: CommandSpec = {
  name: 'undo',
  summary: 'bind the previous key pairs again',
  description:
    'Undoes a rollout that is over: a new rollout binds to each instance the key pair that it had before. Shows the plan first, and asks.',
  args: [flag.ROLLOUT],
  flags: [
    flag.ALL_OF_PLAN,
    flag.YES,
    new Option('--break-glass <reason>', 'bypass window, freezes and approval; everybody is told'),
    ...flag.WATCHING,
    ...flag.post(),
  ],
  async run(cli, flags, rolloutId: string) {
    const webhook = webhookOf(flags, cli.io);
    // A flag that was not given leaves no field in the JSON.
    const body = { rolloutId, action: 'undo', breakGlass: flags.breakGlass };
    const request = { path: `/rollouts/${rolloutId}/undo`, body, takesDigest: false };
    const { rollout } = await askRollout(request, flags, webhook.api, cli.io);
    if (rollout !== undefined) cli.exitStatus = await finish(rollout, flags, webhook, cli.io);
  },
};
