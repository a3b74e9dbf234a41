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
    .summary('follow a rollout to its end')
    .description(
      'Shows a rollout live until it is done or halted: a bar for each wave, how many are in which state, who is restarted now, time left. Where the output is no terminal: a line for each change.',
    )
    .argument('<rollout>', 'its id', readRolloutId)
    .action(async (rolloutId: string, flags: WebhookFlags & JsonFlag & WatchFlags) => {
      const { quietApi } = webhookOf(flags, io);
      const options = { ...watchTimes(flags), json: flags.json === true };
      cli.exitStatus = await watch(rolloutId, quietApi, io, options);
    });
  return withWebhook(withJson(withWatch(command), 'a JSON document a line, for each change'));
}
