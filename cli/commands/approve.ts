import { Command } from 'commander';
import type { Api } from '../api/client.ts';
import { read, RolloutView } from '../api/views.ts';
import { confirm } from '../confirm.ts';
import { CliError, EXIT } from '../exit.ts';
import { type Cli, printLines } from '../io.ts';
import { paintFor } from '../show/paint.ts';
import { showRollout } from '../show/rollout.ts';
import { webhookOf } from '../webhook.ts';
import { readDigest } from './attach.ts';
import { command, type ControlFlags } from './control.ts';
import { withId, withJson, withWebhook } from './flags.ts';
import { readRolloutId } from './rollout-id.ts';

type Flags = ControlFlags & { readonly yes?: true; readonly digest?: string };

export function approveCommand(cli: Cli): Command {
  const { io } = cli;
  const made = new Command('approve')
    .summary('let a rollout begin that waits for it')
    .description(
      'Lets a rollout begin that waits for an approval. Shows what it would do and asks. The approval is for the plan that was shown; nobody approves what they asked for themselves.',
    )
    .argument('<rollout>', 'its id', readRolloutId)
    .option('-y, --yes', 'do not ask')
    .option('--digest <digest>', 'of the plan that is approved, if it is that', readDigest)
    .action(async (rolloutId: string, flags: Flags) => {
      const { api } = webhookOf(flags, io);
      const { yes = false, json = false, digest } = flags;
      const planDigest = digest ?? (await shownDigest(rolloutId, flags, api));
      await confirm(`Approve ${planDigest}?`, { yes, json }, io);
      await command(rolloutId, 'approve', { planDigest }, flags, api, cli);
    });
  return withWebhook(withId(withJson(made)));

  /** @throws {CliError} `refused` when it waits for no approval: nobody is asked in vain */
  async function shownDigest(rolloutId: string, flags: Flags, api: Api): Promise<string> {
    const rollout = read(RolloutView, await api.get(`/rollouts/${rolloutId}`), 'the rollout');
    const state = rollout.approval?.state;
    // One that is sent again under its id is answered, whatever happened since.
    if (state !== 'waiting' && flags.id === undefined) {
      const why = state === undefined ? 'it needs no approval' : `it is ${state}`;
      throw new CliError(EXIT.refused, `Cannot approve rollout "${rolloutId}": ${why}`);
    }
    if (flags.json !== true) {
      const paint = paintFor(io.out, io);
      const all = !io.out.isTerminal;
      printLines(io.out, showRollout(rollout, { nowMs: io.nowMs(), paint, all }));
    }
    return rollout.planDigest;
  }
}
