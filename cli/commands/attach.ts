import { Command } from 'commander';
import { postRollout } from '../api/client.ts';
import { askRollout, type PlannableRequest } from '../ask-rollout.ts';
import { confirm } from '../confirm.ts';
import { EXIT, usageError } from '../exit.ts';
import { type Cli, printLines } from '../io.ts';
import { type RequestFlags, requestBody } from '../rollout-request.ts';
import { count, plain } from '../show/text.ts';
import { type TargetFlags, type Targets, targetsOf } from '../targets.ts';
import { regionOf, type Webhook, type WebhookFlags, webhookOf } from '../webhook.ts';
import { finish } from './finish.ts';
import {
  type IdFlag,
  type JsonFlag,
  type WatchFlags,
  withId,
  withJson,
  withRegion,
  withRequest,
  withTargets,
  withWatch,
  withWebhook,
} from './flags.ts';

interface Flags extends WebhookFlags, TargetFlags, RequestFlags, JsonFlag, IdFlag, WatchFlags {
  readonly region?: string;
  readonly all?: true;
  readonly yes?: true;
  readonly expect?: string;
  readonly watch?: true;
}

export function attachCommand(cli: Cli): Command {
  const { io } = cli;
  const command = new Command('attach')
    .summary('bind a key pair, and restart instances that need it')
    .description(
      'Binds a key pair to instances and restarts those that need it. Shows the plan, asks, and carries out exactly this plan. If the plan has changed by then, nothing is done.',
    )
    .argument('<key-pair>', 'to be bound')
    .argument('[ids...]', 'instances; - reads them from standard input')
    .option('--file <file>', 'instance ids, one a line; # begins a comment')
    .option('--all', 'show every instance of the plan')
    .option('-y, --yes', 'do not ask')
    .option(
      '--expect <digest>',
      'carry out the plan with this digest, without showing it',
      readDigest,
    )
    .option('-w, --watch', 'follow the rollout until it ends');
  withWebhook(withRegion(withRequest(withTargets(withId(withJson(withWatch(command)))))));
  return command.action(async (keyPairName: string, args: string[], flags: Flags) => {
    const webhook = webhookOf(flags, io);
    const targets = await targetsOf(args, flags, io);
    if (targets.kind === 'ids') cli.ids = targets.ids;
    const about = { regionId: regionOf(flags.region, webhook.deployment, io), keyPairName };
    const body = requestBody(about, targets, flags);
    const request = { path: '/rollouts', body, takesDigest: true };
    const { results, rollout } = await ask(request, targets, flags, webhook);
    if (rollout !== undefined) cli.exitStatus = await finish(rollout, flags, webhook, io);
    // An id that was named and does not exist is an error. A selector may match nothing.
    const missing = results.filter((one) => one.kind === 'skipped' && one.reason === 'not-found');
    if (targets.kind !== 'ids' || missing.length === 0) return;
    const names = missing.map(({ instanceId }) => `"${plain(instanceId)}"`).join(', ');
    printLines(io.err, [`Cannot attach to ${names}: no such instance in ${about.regionId}`]);
    if (cli.exitStatus === EXIT.ok) cli.exitStatus = EXIT.failed;
  });

  /** Returns the instances that were shown or answered, and the rollout that was started. */
  async function ask(request: PlannableRequest, targets: Targets, flags: Flags, { api }: Webhook) {
    const { expect, id = io.newId() } = flags;
    if (expect === undefined) {
      const { plan, rollout } = await askRollout(request, { ...flags, id }, api, io);
      return { results: plan.results, rollout };
    }
    const whom =
      targets.kind === 'ids' ? count(targets.ids.length, 'instance') : 'the selected instances';
    await confirm(`Carry out plan ${expect} on ${whom}?`, flags, io);
    const body = { ...request.body, expectedPlanDigest: expect };
    const rollout = await postRollout(request.path, body, id, api);
    return { results: rollout.results, rollout };
  }
}

export function readDigest(text: string): string {
  if (/^sha256:[0-9a-f]{64}$/.test(text)) return text;
  throw usageError(`Cannot use digest "${text}": must be "sha256:" and 64 hexadecimal digits`);
}
