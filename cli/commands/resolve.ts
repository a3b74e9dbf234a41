import { Argument, Command } from 'commander';
import type { Api } from '../api/client.ts';
import { read, RolloutView } from '../api/views.ts';
import { CliError, EXIT, usageError } from '../exit.ts';
import type { Cli } from '../io.ts';
import { idsOf } from '../targets.ts';
import { webhookOf } from '../webhook.ts';
import { command, type ControlFlags } from './control.ts';
import { withId, withJson, withWebhook } from './flags.ts';
import { readRolloutId } from './rollout-id.ts';

type Flags = ControlFlags & { readonly file?: string; readonly all?: true };

export function resolveCommand(cli: Cli): Command {
  const { io } = cli;
  const made = new Command('resolve')
    .summary('settle restarts that failed, or that nobody knows of')
    .description(
      'Settles restarts that failed, or of which nobody knows whether they happened. retry: restart these once more. skip: leave them as they are. A halted rollout stays halted until it is resumed.',
    )
    .argument('<rollout>', 'its id', readRolloutId)
    .addArgument(new Argument('<as>', 'retry or skip').choices(['retry', 'skip']))
    .argument('[ids...]', 'instances; - reads them from standard input')
    .option('--file <file>', 'instance ids, one a line; # begins a comment')
    .option('--all', 'every one that failed or is unknown now')
    .action(async (rolloutId: string, as: string, args: string[], flags: Flags) => {
      const { api } = webhookOf(flags, io);
      const named = await idsOf(args, flags.file, io);
      if ((named === undefined) !== (flags.all === true)) {
        throw usageError('Cannot tell which instances are meant: either name some, or --all');
      }
      cli.ids = named ?? [];
      const instanceIds =
        named?.map(({ instanceId }) => instanceId) ?? (await unsettledIn(rolloutId, api));
      await command(rolloutId, 'resolve', { as, instanceIds }, flags, api, cli);
    });
  return withWebhook(withId(withJson(made)));
}

async function unsettledIn(rolloutId: string, api: Api): Promise<string[]> {
  const rollout = read(RolloutView, await api.get(`/rollouts/${rolloutId}`), 'the rollout');
  const ids = rollout.results
    .filter(({ restart }) => restart?.kind === 'failed' || restart?.kind === 'unknown')
    .map(({ instanceId }) => instanceId);
  if (ids.length > 0) return ids;
  const why = 'no restart of it failed or is unknown';
  throw new CliError(EXIT.refused, `Cannot resolve rollout "${rolloutId}": ${why}`);
}
