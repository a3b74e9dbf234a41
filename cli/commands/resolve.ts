import { Argument, Command } from 'commander';
import { type Api, getRollout } from '../api/client.ts';
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
    .summary('settle restarts that failed or are unknown')
    .description(
      'Settles restarts that failed, or whose outcome is unknown. retry: restart these instances once more. skip: leave them as they are. A halted rollout stays halted until it is resumed.',
    )
    .argument('<rollout>', 'its id', readRolloutId)
    .addArgument(new Argument('<as>', 'retry or skip').choices(['retry', 'skip']))
    .argument('[ids...]', 'instances; - reads them from standard input')
    .option('--file <file>', 'instance ids, one a line; # begins a comment')
    .option('--all', 'every instance whose restart is failed or unknown now')
    .action(async (rolloutId: string, as: string, args: string[], flags: Flags) => {
      const { api } = webhookOf(flags, io);
      const named = await idsOf(args, flags.file, io);
      if ((named === undefined) !== (flags.all === true)) {
        throw usageError('Cannot choose instances: either name some, or use --all');
      }
      cli.ids = named ?? [];
      const instanceIds =
        named?.map(({ instanceId }) => instanceId) ?? (await unsettledIn(rolloutId, api));
      await command(rolloutId, 'resolve', { as, instanceIds }, flags, api, cli);
    });
  return withWebhook(withId(withJson(made)));
}

async function unsettledIn(rolloutId: string, api: Api): Promise<string[]> {
  const { results } = await getRollout(rolloutId, api);
  const ids = results
    .filter(({ restart }) => restart?.kind === 'failed' || restart?.kind === 'unknown')
    .map(({ instanceId }) => instanceId);
  if (ids.length > 0) return ids;
  const why = 'it has no restart that is failed or unknown';
  throw new CliError(EXIT.refused, `Cannot resolve rollout "${rolloutId}": ${why}`);
}
