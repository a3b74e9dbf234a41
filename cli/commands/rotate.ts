import { Command } from 'commander';
import { asItCame } from '../api/views.ts';
import { cloudAccess } from '../cloud/cloud-access.ts';
import { confirm } from '../confirm.ts';
import { EXIT, usageError } from '../exit.ts';
import { type Cli, printLines } from '../io.ts';
import { type RequestFlags, requestBody } from '../rollout-request.ts';
import { type Report, type RotatePorts, rotate } from '../rotate/rotate.ts';
import { isComplete, showReport } from '../rotate/show-report.ts';
import { printJson } from '../show/json.ts';
import { paintFor } from '../show/paint.ts';
import { showPlan } from '../show/plan.ts';
import { count } from '../show/text.ts';
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
      'Binds the new key pair to every instance that has the old one, in waves, a canary first, rollout after rollout of at most 1,000 instances, until the old one is bound nowhere. Shows the plan first, and asks. Breaks off at the first rollout that does not go through. Attaches each instance just before its restart unless --attach-mode says otherwise.',
    )
    .argument('<old>', 'key pair to be replaced', readKeyPair)
    .argument('<new>', 'key pair to be bound', readKeyPair)
    .option('--all', 'show every instance of the plan, however many')
    .option('-y, --yes', 'do not ask')
    .action(async (oldName: string, newName: string, flags: Flags) => {
      if (oldName === newName) throw usageError('Cannot rotate: old and new key pair are the same');
      const webhook = webhookOf(flags, io);
      const regionId = regionOf(flags.region, webhook.place, io);
      const cloud = await io.cloud(cloudAccess(webhook.place, regionId, io));
      const about = { regionId, keyPairName: newName };
      const usual = { attachMode: 'wave', note: `rotation ${oldName} to ${newName}` };
      const selector = { keyPairName: oldName };
      const body = requestBody(about, { kind: 'selector', selector }, { ...usual, ...flags });
      const { regionId: _region, keyPairName: _name, selector: _selector, ...options } = body;
      const ports = { api: webhook.api, cloud, io, ...steps(flags, webhook) };
      const report = await rotate({ regionId, oldName, newName, options }, ports);
      if (flags.json) printJson(io.out, documentOf(report));
      else printLines(io.out, showReport(report, paintFor(io.out, io)));
      if (!isComplete(report)) cli.exitStatus = EXIT.failed;
    });
  return withWebhook(withRegion(withRequest(withJson(withEvery(made)))));

  /** How a person takes part in it. */
  function steps(flags: Flags, { quietApi }: Webhook): Pick<RotatePorts, 'agree' | 'follow'> {
    const { yes = false, json = false, all = false } = flags;
    return {
      agree: async (plan, bound) => {
        const paint = paintFor(io.out, io);
        const later = bound - plan.results.length;
        if (!json) {
          printLines(io.out, showPlan(plan, { paint, all: all || !io.out.isTerminal }));
          if (later > 0) printLines(io.out, [`${later} more in further rollouts, alike`]);
        }
        await confirm(`Rotate ${count(bound, 'instance')}?`, { yes, json }, io);
      },
      follow: async ({ rolloutId }) => {
        if (!json) printLines(io.out, [rolloutId]);
        const { everyMs } = watchTimes(flags);
        const onLook = json ? () => {} : asText(io);
        const followed = await follow(rolloutId, quietApi, io, {
          everyMs,
          limitMs: undefined,
          onLook,
        });
        return followed.rollout;
      },
    };
  }
}
