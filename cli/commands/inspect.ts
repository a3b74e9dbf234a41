import { Argument, Option } from 'commander';
import { getRollout } from '../api/client.ts';
import { asItCame, ListView, read, StopView } from '../api/views.ts';
import { cloudAccess } from '../cloud/cloud-access.ts';
import type { CommandSpec } from '../command.ts';
import { cloudDeploymentOf } from '../deployment.ts';
import { CliError, EXIT, usageError } from '../exit.ts';
import * as flag from '../flags.ts';
import { readKeyPair } from '../read-argument.ts';
import { showList } from '../show/list.ts';
import { showRollout } from '../show/rollout.ts';
import { printResult } from '../show/view.ts';
import { rolloutExitStatus } from '../watch/follow.ts';
import { watch as follow } from '../watch/watch.ts';
import { webhookOf } from '../webhook.ts';
import { csvOf, showWho } from '../who/show-who.ts';
import { whoHas } from '../who/who.ts';

const list: CommandSpec = {
  name: 'list',
  summary: 'list rollouts, newest first',
  description: 'Lists rollouts, newest first, and says whether everything is stopped.',
  flags: [
    new Option('--limit <n>', 'show at most so many, 1 to 100').default('20'),
    new Option('--after <cursor>', 'continue where the previous list ended'),
    ...flag.webhook(),
  ],
  async run({ io }, { limit, after, ...flags }: flag.Flags & { limit: string; after?: string }) {
    const { api } = webhookOf(flags, io);
    const query = { limit, ...(after === undefined ? {} : { after }) };
    const found = read(ListView, await api.get('/rollouts', query), 'the list');
    const stop = read(StopView, await api.get('/stop'), 'the stop');
    const document = { ...Object(asItCame(found)), ...Object(asItCame(stop)) };
    printResult(io, flags, document, (view) => showList(found, stop, view));
  },
};

const status: CommandSpec = {
  name: 'status',
  summary: 'show one rollout',
  description: 'Shows one rollout: its instances, its history, and what you can do.',
  args: [flag.ROLLOUT],
  flags: [new Option('--all', 'show every instance and the whole history'), ...flag.webhook()],
  async run(cli, flags, rolloutId: string) {
    const rollout = await getRollout(rolloutId, webhookOf(flags, cli.io).api);
    printResult(cli.io, flags, asItCame(rollout), (view) => showRollout(rollout, view));
    cli.exitStatus = rolloutExitStatus(rollout);
  },
};

const watch: CommandSpec = {
  name: 'watch',
  summary: 'follow a rollout until it ends',
  description:
    'Follows a rollout until it is done or halted. In a terminal it draws a bar for each wave, and shows the number of instances in each state, the restarts under way and the time left. Elsewhere it prints a line for each change.',
  args: [flag.ROLLOUT],
  flags: [flag.EVERY, flag.FOR_SECONDS, ...flag.webhook('a JSON document a line, for each change')],
  async run(cli, flags, rolloutId: string) {
    cli.exitStatus = await follow(rolloutId, webhookOf(flags, cli.io).quietApi, cli.io, flags);
  },
};

const who: CommandSpec = {
  name: 'who',
  summary: 'show every instance where a key pair works, or may work',
  description:
    'Shows every instance that is bound to a key pair, and whether the key works there. Also shows instances that were bound to another key pair but not restarted since: the old key works there until the next boot. Reads ECS and the table instances, with credentials from the default chain of @alicloud/credentials.',
  args: [new Argument('<key-pair>', 'its name').argParser(readKeyPair)],
  flags: [
    new Option('--csv', 'print CSV'),
    new Option('--all', 'show every instance'),
    ...flag.cloud(),
  ],
  async run({ io }, flags: flag.Flags & { csv?: true }, keyPairName: string) {
    if (flags.csv && flags.json) throw usageError('Cannot use --csv and --json together');
    const access = cloudAccess(cloudDeploymentOf(flags, io), flags.region, io);
    const found = await whoHas(keyPairName, await io.cloud(access));
    if (found.fingerprint === null && found.holders.length === 0) {
      const why = `region ${access.regionId} has no such key pair, and no instance uses it`;
      throw new CliError(EXIT.refused, `Cannot find key pair "${keyPairName}": ${why}`);
    }
    if (flags.csv) io.out.write(csvOf(found));
    else printResult(io, flags, found, (view) => showWho(found, view));
  },
};

export const inspectCommands = [list, status, watch, who];
