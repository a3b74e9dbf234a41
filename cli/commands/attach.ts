import { Option } from 'commander';
import { postRollout } from '../api/client.ts';
import { asItCame } from '../api/views.ts';
import { askRollout, planOf } from '../ask-rollout.ts';
import type { CommandSpec } from '../command.ts';
import { confirm } from '../confirm.ts';
import { EXIT } from '../exit.ts';
import * as flag from '../flags.ts';
import { type Cli, printLines } from '../io.ts';
import { readDigest } from '../read-argument.ts';
import { CONDITIONS, REQUEST } from '../request-flags.ts';
import { requestBody } from '../rollout-request.ts';
import { showPlan } from '../show/plan.ts';
import { count, plain } from '../show/text.ts';
import { printResult } from '../show/view.ts';
import { targetsOf } from '../targets.ts';
import { regionOf, webhookOf } from '../webhook.ts';
import { finish } from './finish.ts';

/** Reads what `plan` and `attach` are given alike. */
async function readRequest(cli: Cli, flags: flag.Flags, keyPairName: string, args: string[]) {
  const webhook = webhookOf(flags, cli.io);
  const targets = await targetsOf(args, flags, cli.io);
  if (targets.kind === 'ids') cli.ids = targets.ids;
  const regionId = regionOf(flags.region, webhook.deployment, cli.io);
  const body = requestBody({ regionId, keyPairName }, targets, flags);
  return { webhook, targets, regionId, request: { path: '/rollouts', body, takesDigest: true } };
}

export const plan: CommandSpec = {
  name: 'plan',
  summary: 'show what attach would do, and change nothing',
  description: 'Shows what attach would do with the same flags. Changes nothing.',
  args: [flag.KEY_PAIR, flag.IDS],
  flags: [
    flag.FILE,
    new Option('--all', 'show every instance'),
    ...CONDITIONS.values(),
    ...REQUEST.values(),
    flag.REGION,
    ...flag.webhook(),
  ],
  async run(cli, flags, keyPairName: string, args: string[]) {
    const { webhook, request } = await readRequest(cli, flags, keyPairName, args);
    const found = await planOf(request, webhook.api, cli.io);
    printResult(cli.io, flags, asItCame(found), (view) => showPlan(found, view));
  },
};

export const attach: CommandSpec = {
  name: 'attach',
  summary: 'bind a key pair, and restart instances that need it',
  description:
    'Binds a key pair to instances and restarts those that need it. Shows the plan, asks, and carries out exactly this plan. If the plan has changed by then, nothing is done.',
  args: [flag.KEY_PAIR, flag.IDS],
  flags: [
    flag.FILE,
    flag.ALL_OF_PLAN,
    flag.YES,
    new Option(
      '--expect <digest>',
      'carry out the plan with this digest, without showing it',
    ).argParser(readDigest),
    ...flag.WATCHING,
    ...CONDITIONS.values(),
    ...REQUEST.values(),
    flag.REGION,
    ...flag.post(),
  ],
  async run(cli, flags: flag.Flags & { expect?: string }, keyPairName: string, args: string[]) {
    const { io } = cli;
    const read = await readRequest(cli, flags, keyPairName, args);
    const { webhook, targets, regionId, request } = read;
    const { expect, id = io.newId() } = flags;
    const ask = async () => {
      if (expect === undefined) return askRollout(request, { ...flags, id }, webhook.api, io);
      const whom =
        targets.kind === 'ids' ? count(targets.ids.length, 'instance') : 'the selected instances';
      await confirm(`Carry out plan ${expect} on ${whom}?`, flags, io);
      const body = { ...request.body, expectedPlanDigest: expect };
      const rollout = await postRollout(request.path, body, id, webhook.api);
      return { plan: rollout, rollout };
    };
    const { plan: shown, rollout } = await ask();
    if (rollout !== undefined) cli.exitStatus = await finish(rollout, flags, webhook, io);
    // An id that was named and does not exist is an error. A selector may match nothing.
    const missing = shown.results.filter(
      (one) => one.kind === 'skipped' && one.reason === 'not-found',
    );
    if (targets.kind !== 'ids' || missing.length === 0) return;
    const names = missing.map(({ instanceId }) => `"${plain(instanceId)}"`).join(', ');
    printLines(io.err, [`Cannot attach to ${names}: no such instance in ${regionId}`]);
    if (cli.exitStatus === EXIT.ok) cli.exitStatus = EXIT.failed;
  },
};
