import { Command } from 'commander';
import { askRollout } from '../ask-rollout.ts';
import type { Cli } from '../io.ts';
import { webhookOf } from '../webhook.ts';
import type { ControlFlags } from './control.ts';
import { finish } from './finish.ts';
import { type WatchFlags, withId, withJson, withWatch, withWebhook } from './flags.ts';
import { readRolloutId } from './rollout-id.ts';

type Flags = ControlFlags &
  WatchFlags & {
    readonly all?: true;
    readonly breakGlass?: string;
    readonly watch?: true;
    readonly yes?: true;
  };

export function undoCommand(cli: Cli): Command {
  const { io } = cli;
  const made = new Command('undo')
    .summary('bind the previous key pairs again')
    .description(
      'Undoes a rollout that is over: a new rollout binds to each instance the key pair that it had before. Shows the plan first, and asks.',
    )
    .argument('<rollout>', 'its id', readRolloutId)
    .option('--all', 'show every instance of the plan')
    .option('-y, --yes', 'do not ask')
    .option('--break-glass <reason>', 'bypass window, freezes and approval; everybody is told')
    .option('-w, --watch', 'follow the rollout until it ends')
    .action(async (rolloutId: string, flags: Flags) => {
      const webhook = webhookOf(flags, io);
      const { breakGlass } = flags;
      const body = {
        rolloutId,
        action: 'undo',
        ...(breakGlass === undefined ? {} : { breakGlass }),
      };
      const request = { path: `/rollouts/${rolloutId}/undo`, body, takesDigest: false };
      const { rollout } = await askRollout(request, flags, webhook.api, io);
      if (rollout !== undefined) cli.exitStatus = await finish(rollout, flags, webhook, io);
    });
  return withWebhook(withId(withJson(withWatch(made))));
}
