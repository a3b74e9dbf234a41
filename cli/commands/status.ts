import { Command } from 'commander';
import { asItCame, read, RolloutView } from '../api/views.ts';
import { type Cli, printLines } from '../io.ts';
import { printJson } from '../show/json.ts';
import { paintFor } from '../show/paint.ts';
import { showRollout } from '../show/rollout.ts';
import { endOf } from '../watch/rollout-exit-status.ts';
import { type WebhookFlags, webhookOf } from '../webhook.ts';
import { type JsonFlag, withJson, withWebhook } from './flags.ts';
import { readRolloutId } from './rollout-id.ts';

export function statusCommand(cli: Cli): Command {
  const { io } = cli;
  const command = new Command('status')
    .summary('show one rollout')
    .description('Shows one rollout: every instance, what happened, and what a person can do.')
    .argument('<rollout>', 'its id', readRolloutId)
    .option('--all', 'show every instance and all of the history')
    .action(async (rolloutId: string, flags: WebhookFlags & JsonFlag & { all?: true }) => {
      const { api } = webhookOf(flags, io);
      const rollout = read(RolloutView, await api.get(`/rollouts/${rolloutId}`), 'the rollout');
      const { out } = io;
      const all = flags.all === true || !out.isTerminal;
      if (flags.json) printJson(out, asItCame(rollout));
      else
        printLines(out, showRollout(rollout, { nowMs: io.nowMs(), paint: paintFor(out, io), all }));
      cli.exitStatus = endOf(rollout);
    });
  return withWebhook(withJson(command));
}
