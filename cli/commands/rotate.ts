import { Argument } from 'commander';
import { asItCame } from '../api/views.ts';
import { cloudAccess } from '../cloud/cloud-access.ts';
import type { CommandSpec } from '../command.ts';
import { confirm } from '../confirm.ts';
import { EXIT, usageError } from '../exit.ts';
import * as flag from '../flags.ts';
import { type Io, printLines } from '../io.ts';
import { readKeyPair } from '../read-argument.ts';
import { REQUEST } from '../request-flags.ts';
import { requestOptions } from '../rollout-request.ts';
import { rotate as rotateAll, type RotatePorts } from '../rotate/rotate.ts';
import { isComplete, showReport } from '../rotate/show-report.ts';
import { showPlan } from '../show/plan.ts';
import { count } from '../show/text.ts';
import { printResult, viewOf } from '../show/view.ts';
import { follow } from '../watch/follow.ts';
import { asText } from '../watch/watch.ts';
import { regionOf, type Webhook, webhookOf } from '../webhook.ts';

export const rotate: CommandSpec = {
  name: 'rotate',
  summary: 'replace one key pair by another wherever it is bound',
  description:
    'Binds the new key pair to every instance that has the old one, until no instance has it. Works in rollouts of at most 1,000 instances, each in waves that begin with a canary. Shows the plan first, and asks. Stops at the first rollout that does not succeed. Attaches to each instance just before its restart, unless --attach-mode says otherwise.',
  args: [
    new Argument('<old>', 'key pair to be replaced').argParser(readKeyPair),
    new Argument('<new>', 'key pair to be bound').argParser(readKeyPair),
  ],
  flags: [
    flag.ALL_OF_PLAN,
    flag.YES,
    flag.EVERY,
    ...REQUEST.values(),
    flag.REGION,
    ...flag.webhook(),
  ],
  async run(cli, flags, oldName: string, newName: string) {
    const { io } = cli;
    if (oldName === newName) throw usageError('Cannot rotate: old and new key pair are the same');
    const webhook = webhookOf(flags, io);
    const regionId = regionOf(flags.region, webhook.deployment, io);
    const cloud = await io.cloud(cloudAccess(webhook.deployment, regionId, io));
    const defaults = { attachMode: 'wave', note: `rotation ${oldName} to ${newName}` };
    const options = requestOptions({ ...defaults, ...flags });
    const ports = { api: webhook.api, cloud, io, ...interaction(flags, webhook, io) };
    const report = await rotateAll({ regionId, oldName, newName, options }, ports);
    const complete = isComplete(report);
    const skipped = Object.fromEntries(report.skipped);
    const document = { ...report, complete, rollouts: report.rollouts.map(asItCame), skipped };
    printResult(io, flags, document, ({ paint }) => showReport(report, paint));
    if (!complete) cli.exitStatus = EXIT.failed;
  },
};

/** What the user sees and decides on the way. */
function interaction(
  flags: flag.Flags,
  { quietApi }: Webhook,
  io: Io,
): Pick<RotatePorts, 'agree' | 'follow'> {
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
    follow: ({ rolloutId }) => {
      if (!json) printLines(io.out, [rolloutId]);
      const onPoll = json ? () => {} : asText(io);
      return follow(rolloutId, quietApi, io, { ...flag.watchTimes(flags), onPoll });
    },
  };
}
