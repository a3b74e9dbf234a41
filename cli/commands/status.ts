import { Command } from 'commander';
import { getRollout } from '../api/client.ts';
import { asItCame } from '../api/views.ts';
import type { Cli } from '../io.ts';
import { printResult } from '../show/print-result.ts';
import { showRollout } from '../show/rollout.ts';
import { rolloutExitStatus } from '../watch/rollout-exit-status.ts';
import { type WebhookFlags, webhookOf } from '../webhook.ts';
import { type JsonFlag, withJson, withWebhook } from './flags.ts';
import { readRolloutId } from './rollout-id.ts';

export function statusCommand(cli: Cli): Command {
  const { io } = cli;
  const command = new Command('status')
    .summary('show one rollout')
    .description('Shows one rollout: its instances, its history, and what you can do.')
    .argument('<rollout>', 'its id', readRolloutId)
    .option('--all', 'show every instance and the whole history')
    .action(async (rolloutId: string, flags: WebhookFlags & JsonFlag & { all?: true }) => {
      const rollout = await getRollout(rolloutId, webhookOf(flags, io).api);
      printResult(io, flags, asItCame(rollout), (view) => showRollout(rollout, view));
      cli.exitStatus = rolloutExitStatus(rollout);
    });
  return withWebhook(withJson(command));
}
