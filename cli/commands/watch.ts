import { Command } from 'commander';
import type { Cli } from '../io.ts';
import { watch } from '../watch/watch.ts';
import { type WebhookFlags, webhookOf } from '../webhook.ts';
import {
  type JsonFlag,
  type WatchFlags,
  watchTimes,
  withJson,
  withWatch,
  withWebhook,
} from './flags.ts';
import { readRolloutId } from './rollout-id.ts';

export function watchCommand(cli: Cli): Command {
  const { io } = cli;
  const command = new Command('watch')
    .summary('follow a rollout until it ends')
    .description(
      'Follows a rollout until it is done or halted. In a terminal it draws a bar for each wave, and shows the number of instances in each state, the restarts under way and the time left. Elsewhere it prints a line for each change.',
    )
    .argument('<rollout>', 'its id', readRolloutId)
    .action(async (rolloutId: string, flags: WebhookFlags & JsonFlag & WatchFlags) => {
      const { quietApi } = webhookOf(flags, io);
      const options = { ...watchTimes(flags), json: flags.json === true };
      cli.exitStatus = await watch(rolloutId, quietApi, io, options);
    });
  return withWebhook(withJson(withWatch(command), 'a JSON document a line, for each change'));
}
