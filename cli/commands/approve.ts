import { Command } from 'commander';
import { type Api, getRollout } from '../api/client.ts';
import { confirm } from '../confirm.ts';
import { CliError, EXIT } from '../exit.ts';
import { type Cli, printLines } from '../io.ts';
import { showRollout } from '../show/rollout.ts';
import { viewOf } from '../show/view.ts';
import { webhookOf } from '../webhook.ts';
import { readDigest } from './attach.ts';
import { command, type ControlFlags } from './control.ts';
import { withId, withJson, withWebhook } from './flags.ts';
import { readRolloutId } from './rollout-id.ts';

type Flags = ControlFlags & { readonly yes?: true; readonly digest?: string };

export function approveCommand(cli: Cli): Command {
  const { io } = cli;
  const made = new Command('approve')
    .summary('approve a rollout that waits for approval')
    .description(
      'Approves a rollout that waits for approval. Shows what it would do, and asks. The approval is for the plan that was shown. Nobody can approve their own rollout.',
    )
    .argument('<rollout>', 'its id', readRolloutId)
    .option('-y, --yes', 'do not ask')
    .option('--digest <digest>', 'approve only if the plan has this digest', readDigest)
    .action(async (rolloutId: string, flags: Flags) => {
      const { api } = webhookOf(flags, io);
      const planDigest = flags.digest ?? (await shownDigest(rolloutId, flags, api));
      await confirm(`Approve ${planDigest}?`, flags, io);
      await command(rolloutId, 'approve', { planDigest }, flags, api, cli);
    });
  return withWebhook(withId(withJson(made)));

  /** @throws {CliError} `refused` when the rollout waits for no approval */
  async function shownDigest(rolloutId: string, flags: Flags, api: Api): Promise<string> {
    const rollout = await getRollout(rolloutId, api);
    const state = rollout.approval?.state;
    // With --id the request may be a repetition, which is answered in any state.
    if (state !== 'waiting' && flags.id === undefined) {
      const why = state === undefined ? 'it needs no approval' : `it is ${state}`;
      throw new CliError(EXIT.refused, `Cannot approve rollout "${rolloutId}": ${why}`);
    }
    if (!flags.json) printLines(io.out, showRollout(rollout, viewOf(io)));
    return rollout.planDigest;
  }
}
