import { Argument, Option } from 'commander';
import { type Api, getRollout, postRollout } from '../api/client.ts';
import { asItCame } from '../api/views.ts';
import type { CommandSpec } from '../command.ts';
import { confirm } from '../confirm.ts';
import { CliError, EXIT, usageError } from '../exit.ts';
import * as flag from '../flags.ts';
import { type Io, printLines } from '../io.ts';
import { readDigest } from '../read-argument.ts';
import { showAfter, showRollout } from '../show/rollout.ts';
import { printResult, viewOf } from '../show/view.ts';
import { idsOf } from '../targets.ts';
import { webhookOf } from '../webhook.ts';

/** Sends `POST /rollouts/{id}/{action}`, and prints the rollout after it. */
async function command(
  rolloutId: string,
  action: string,
  fields: Readonly<Record<string, unknown>>,
  flags: flag.Flags,
  { api, io }: { readonly api: Api; readonly io: Io },
): Promise<void> {
  const path = `/rollouts/${rolloutId}/${action}`;
  const body = { rolloutId, action, ...fields };
  const rollout = await postRollout(path, body, flags.id ?? io.newId(), api);
  printResult(io, flags, asItCame(rollout), (view) => showAfter(rollout, view));
}

const approve: CommandSpec = {
  name: 'approve',
  summary: 'approve a rollout that waits for approval',
  description:
    'Approves a rollout that waits for approval. Shows what it would do, and asks. The approval is for the plan that was shown. Nobody can approve their own rollout.',
  args: [flag.ROLLOUT],
  flags: [
    flag.YES,
    new Option('--digest <digest>', 'approve only if the plan has this digest').argParser(
      readDigest,
    ),
    ...flag.post(),
  ],
  async run({ io }, flags: flag.Flags & { digest?: string }, rolloutId: string) {
    const { api } = webhookOf(flags, io);
    const planDigest = flags.digest ?? (await shownDigest(rolloutId, flags, api, io));
    await confirm(`Approve ${planDigest}?`, flags, io);
    await command(rolloutId, 'approve', { planDigest }, flags, { api, io });
  },
};

/** @throws {CliError} `refused` when the rollout waits for no approval */
async function shownDigest(rolloutId: string, { id, json }: flag.Flags, api: Api, io: Io) {
  const rollout = await getRollout(rolloutId, api);
  const state = rollout.approval?.state;
  // With --id the request may be a repetition, which is answered in any state.
  if (state !== 'waiting' && id === undefined) {
    const why = state === undefined ? 'it needs no approval' : `it is ${state}`;
    throw new CliError(EXIT.refused, `Cannot approve rollout "${rolloutId}": ${why}`);
  }
  if (!json) printLines(io.out, showRollout(rollout, viewOf(io)));
  return rollout.planDigest;
}

/** A command that needs nothing but the rollout's id. */
const plain = (name: string, summary: string, description: string): CommandSpec => ({
  name,
  summary,
  description,
  args: [flag.ROLLOUT],
  flags: flag.post(),
  async run({ io }, flags, rolloutId: string) {
    await command(rolloutId, name, {}, flags, { api: webhookOf(flags, io).api, io });
  },
});

const resolve: CommandSpec = {
  name: 'resolve',
  summary: 'settle restarts that failed or are unknown',
  description:
    'Settles restarts that failed, or whose outcome is unknown. retry: restart these instances once more. skip: leave them as they are. A halted rollout stays halted until it is resumed.',
  args: [flag.ROLLOUT, new Argument('<as>', 'retry or skip').choices(['retry', 'skip']), flag.IDS],
  flags: [
    flag.FILE,
    new Option('--all', 'every instance whose restart is failed or unknown now'),
    ...flag.post(),
  ],
  async run(cli, flags, rolloutId: string, as: string, args: string[]) {
    const { io } = cli;
    const { api } = webhookOf(flags, io);
    const named = await idsOf(args, flags.file, io);
    if ((named === undefined) !== (flags.all === true)) {
      throw usageError('Cannot choose instances: either name some, or use --all');
    }
    cli.ids = named ?? [];
    const instanceIds =
      named?.map(({ instanceId }) => instanceId) ?? (await unsettledIn(rolloutId, api));
    await command(rolloutId, 'resolve', { as, instanceIds }, flags, { api, io });
  },
};

async function unsettledIn(rolloutId: string, api: Api): Promise<string[]> {
  const { results } = await getRollout(rolloutId, api);
  const ids = results
    .filter(({ restart }) => restart?.kind === 'failed' || restart?.kind === 'unknown')
    .map(({ instanceId }) => instanceId);
  if (ids.length > 0) return ids;
  const why = 'it has no restart that is failed or unknown';
  throw new CliError(EXIT.refused, `Cannot resolve rollout "${rolloutId}": ${why}`);
}

export const controlCommands = [
  approve,
  plain(
    'deny',
    'deny an approval',
    'Denies the approval that a rollout waits for. The rollout ends, and nothing is done.',
  ),
  plain(
    'pause',
    'start no further wave',
    'Starts no further wave. Restarts that are under way finish. Resume continues the rollout.',
  ),
  plain(
    'resume',
    'continue after a pause or a halt',
    'Continues a paused or halted rollout, with its count of failures back at 0.',
  ),
  plain(
    'abort',
    'start nothing more, for good',
    'Starts nothing more, for good. Restarts that are under way finish. Instances keep the key pair that was bound; undo binds the previous one.',
  ),
  resolve,
];
