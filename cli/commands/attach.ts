import { Command } from 'commander';
import { read, RolloutView } from '../api/views.ts';
import { askRollout, type Wish } from '../ask-rollout.ts';
import { confirm } from '../confirm.ts';
import { EXIT, usageError } from '../exit.ts';
import { type Cli, printLines } from '../io.ts';
import { type RequestFlags, requestBody } from '../rollout-request.ts';
import { count, plain } from '../show/text.ts';
import { type TargetFlags, type Targets, targetsOf } from '../targets.ts';
import { type Webhook, regionOf, type WebhookFlags, webhookOf } from '../webhook.ts';
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
    .summary('bind a key pair to instances, and restart what needs it')
    .description(
      'Binds a key pair to instances and restarts what needs it. Shows the plan first, asks, and has exactly this plan carried out: if it is another one by then, nothing is done.',
    )
    .argument('<key-pair>', 'to be bound')
    .argument('[ids...]', 'instances; - reads them from standard input')
    .option('--file <file>', 'instance ids, one a line; # begins a comment')
    .option('--all', 'show every instance of the plan, however many')
    .option('-y, --yes', 'do not ask')
    .option(
      '--expect <digest>',
      'of a plan that was seen: carry that out, and show none',
      readDigest,
    )
    .option('-w, --watch', 'follow it to its end');
  withWebhook(withRegion(withRequest(withTargets(withId(withJson(withWatch(command)))))));
  return command.action(async (keyPairName: string, args: string[], flags: Flags) => {
    const webhook = webhookOf(flags, io);
    const targets = await targetsOf(args, flags, io);
    if (targets.kind === 'ids') cli.ids = targets.ids;
    const about = { regionId: regionOf(flags.region, webhook.place, io), keyPairName };
    const body = requestBody(about, targets, flags);
    const wish = { path: '/rollouts', body, takesDigest: true };
    const { results, rollout } = await ask(wish, targets, flags, webhook);
    if (rollout !== undefined) cli.exitStatus = await finish(rollout, flags, webhook, io);
    // Whoever names an instance means one that there is.
    const lost = results.filter((one) => one.kind === 'skipped' && one.reason === 'not-found');
    if (targets.kind !== 'ids' || lost.length === 0) return;
    const names = lost.map(({ instanceId }) => `"${plain(instanceId)}"`).join(', ');
    printLines(io.err, [`Cannot attach to ${names}: no such instance in ${about.regionId}`]);
    if (cli.exitStatus === EXIT.ok) cli.exitStatus = EXIT.failed;
  });

  /** What was shown or answered of each instance, and what was begun. */
  async function ask(wish: Wish, targets: Targets, flags: Flags, { api }: Webhook) {
    const { expect, id = io.newId(), yes = false, json = false, all = false } = flags;
    if (expect === undefined) {
      const { plan, rollout } = await askRollout(wish, { yes, json, all, id }, api, io);
      return { results: plan.results, rollout };
    }
    await confirm(`Carry out plan ${expect} on ${whom(targets)}?`, { yes, json }, io);
    const answer = await api.post(wish.path, { ...wish.body, expectedPlanDigest: expect }, id);
    const rollout = read(RolloutView, answer, 'the rollout');
    return { results: rollout.results, rollout };
  }
}

function whom(targets: Targets): string {
  return targets.kind === 'ids' ? count(targets.ids.length, 'instance') : 'what is selected';
}

export function readDigest(text: string): string {
  if (/^sha256:[0-9a-f]{64}$/.test(text)) return text;
  throw usageError(`Cannot use digest "${text}": must be "sha256:" and 64 hexadecimal digits`);
}
