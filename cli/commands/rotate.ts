import { Command } from 'commander';
import { asItCame } from '../api/views.ts';
import { cloudAccess } from '../cloud/cloud-access.ts';
import { confirm } from '../confirm.ts';
import { EXIT, usageError } from '../exit.ts';
import { type Cli, printLines } from '../io.ts';
import { type RequestFlags, requestBody } from '../rollout-request.ts';
import { type Report, type RotatePorts, rotate } from '../rotate/rotate.ts';
import { isComplete, showReport } from '../rotate/show-report.ts';
import { showPlan } from '../show/plan.ts';
import { printResult } from '../show/print-result.ts';
import { count } from '../show/text.ts';
import { viewOf } from '../show/view.ts';
import { follow } from '../watch/follow.ts';
import { asText } from '../watch/watch.ts';
import { regionOf, type Webhook, type WebhookFlags, webhookOf } from '../webhook.ts';
import {
  type JsonFlag,
  type WatchFlags,
  watchTimes,
  withEvery,
  withJson,
  withRegion,
  withRequest,
  withWebhook,
} from './flags.ts';
import { readKeyPair } from './key-pair.ts';

interface Flags extends WebhookFlags, RequestFlags, JsonFlag, WatchFlags {
  readonly region?: string;
  readonly all?: true;
  readonly yes?: true;
}

function documentOf(report: Report) {
  const { rollouts, skipped } = report;
  return {
    ...report,
    complete: isComplete(report),
    rollouts: rollouts.map(asItCame),
    skipped: Object.fromEntries(skipped),
  };
}

export function rotateCommand(cli: Cli): Command {
  const { io } = cli;
  const made = new Command('rotate')
    .summary('replace one key pair by another wherever it is bound')
    .description(
      'Binds the new key pair to every instance that has the old one, until no instance has it. Works in rollouts of at most 1,000 instances, each in waves that begin with a canary. Shows the plan first, and asks. Stops at the first rollout that does not succeed. Attaches to each instance just before its restart, unless --attach-mode says otherwise.',
    )
    .argument('<old>', 'key pair to be replaced', readKeyPair)
    .argument('<new>', 'key pair to be bound', readKeyPair)
    .option('--all', 'show every instance of the plan')
    .option('-y, --yes', 'do not ask')
    .action(async (oldName: string, newName: string, flags: Flags) => {
      if (oldName === newName) throw usageError('Cannot rotate: old and new key pair are the same');
      const webhook = webhookOf(flags, io);
      const regionId = regionOf(flags.region, webhook.deployment, io);
      const cloud = await io.cloud(cloudAccess(webhook.deployment, regionId, io));
      const about = { regionId, keyPairName: newName };
      const defaults = { attachMode: 'wave', note: `rotation ${oldName} to ${newName}` };
      const selector = { keyPairName: oldName };
      const body = requestBody(about, { kind: 'selector', selector }, { ...defaults, ...flags });
      const { regionId: _region, keyPairName: _name, selector: _selector, ...options } = body;
      const ports = { api: webhook.api, cloud, io, ...interaction(flags, webhook) };
      const report = await rotate({ regionId, oldName, newName, options }, ports);
      printResult(io, flags, documentOf(report), ({ paint }) => showReport(report, paint));
      if (!isComplete(report)) cli.exitStatus = EXIT.failed;
    });
  return withWebhook(withRegion(withRequest(withJson(withEvery(made)))));

  /** What the user sees and decides on the way. */
  function interaction(flags: Flags, { quietApi }: Webhook): Pick<RotatePorts, 'agree' | 'follow'> {
    const { json, all } = flags;
    return {
      agree: async (plan, bound) => {
        const later = bound - plan.results.length;
        if (!json) {
          printLines(io.out, showPlan(plan, viewOf(io, all)));
          if (later > 0) printLines(io.out, [`${later} more in further rollouts like this one`]);
        }
        await confirm(`Rotate ${count(bound, 'instance')}?`, flags, io);
      },
      follow: async ({ rolloutId }) => {
        if (!json) printLines(io.out, [rolloutId]);
        const onPoll = json ? () => {} : asText(io);
        const times = { ...watchTimes(flags), limitMs: undefined };
        return (await follow(rolloutId, quietApi, io, { ...times, onPoll })).rollout;
      },
    };
  }
}
