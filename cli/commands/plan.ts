import { Command } from 'commander';
import { asItCame } from '../api/views.ts';
import { planOf } from '../ask-rollout.ts';
import type { Cli } from '../io.ts';
import { type RequestFlags, requestBody } from '../rollout-request.ts';
import { showPlan } from '../show/plan.ts';
import { printResult } from '../show/print-result.ts';
import { type TargetFlags, targetsOf } from '../targets.ts';
import { regionOf, type WebhookFlags, webhookOf } from '../webhook.ts';
import {
  type JsonFlag,
  withJson,
  withRegion,
  withRequest,
  withTargets,
  withWebhook,
} from './flags.ts';

interface Flags extends WebhookFlags, TargetFlags, RequestFlags, JsonFlag {
  readonly region?: string;
  readonly all?: true;
}

export function planCommand(cli: Cli): Command {
  const { io } = cli;
  const command = new Command('plan')
    .summary('show what attach would do, and change nothing')
    .description('Shows what attach would do with the same flags. Changes nothing.')
    .argument('<key-pair>', 'to be bound')
    .argument('[ids...]', 'instances; - reads them from standard input')
    .option('--file <file>', 'instance ids, one a line; # begins a comment')
    .option('--all', 'show every instance')
    .action(async (keyPairName: string, args: string[], flags: Flags) => {
      const { api, deployment } = webhookOf(flags, io);
      const targets = await targetsOf(args, flags, io);
      if (targets.kind === 'ids') cli.ids = targets.ids;
      const about = { regionId: regionOf(flags.region, deployment, io), keyPairName };
      const body = requestBody(about, targets, flags);
      const plan = await planOf({ path: '/rollouts', body, takesDigest: true }, api, io);
      printResult(io, flags, asItCame(plan), (view) => showPlan(plan, view));
    });
  return withWebhook(withRegion(withRequest(withTargets(withJson(command)))));
}
