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
    .summary('bind again what was bound before')
    .description(
      'Takes a rollout back that is over: a new rollout binds to each instance what was bound before. Shows the plan first, and asks.',
    )
    .argument('<rollout>', 'its id', readRolloutId)
    .option('--all', 'show every instance of the plan, however many')
    .option('-y, --yes', 'do not ask')
    .option('--break-glass <reason>', 'pass window, freezes and approval by; everybody is told')
    .option('-w, --watch', 'follow it to its end')
    .action(async (rolloutId: string, flags: Flags) => {
      const webhook = webhookOf(flags, io);
      const { breakGlass, id = io.newId(), yes = false, json = false, all = false } = flags;
      const body = {
        rolloutId,
        action: 'undo',
        ...(breakGlass === undefined ? {} : { breakGlass }),
      };
      const wish = { path: `/rollouts/${rolloutId}/undo`, body, takesDigest: false };
      const { rollout } = await askRollout(wish, { yes, json, all, id }, webhook.api, io);
      if (rollout !== undefined) cli.exitStatus = await finish(rollout, flags, webhook, io);
    });
  return withWebhook(withId(withJson(withWatch(made))));
}
