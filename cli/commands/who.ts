import { Command } from 'commander';
import { cloudAccess } from '../cloud/cloud-access.ts';
import { cloudDeploymentOf, type DeploymentFlags } from '../deployment.ts';
import { CliError, EXIT, usageError } from '../exit.ts';
import type { Cli } from '../io.ts';
import { printResult } from '../show/print-result.ts';
import { csvOf, showWho } from '../who/show-who.ts';
import { whoHas } from '../who/who.ts';
import { type JsonFlag, withCloud, withJson } from './flags.ts';
import { readKeyPair } from './key-pair.ts';

type Flags = DeploymentFlags &
  JsonFlag & { readonly region?: string; readonly csv?: true; readonly all?: true };

export function whoCommand(cli: Cli): Command {
  const { io } = cli;
  const made = new Command('who')
    .summary('show every instance where a key pair works, or may work')
    .description(
      'Shows every instance that is bound to a key pair, and whether the key works there. Also shows instances that were bound to another key pair but not restarted since: the old key works there until the next boot. Reads ECS and the table instances, with credentials from the default chain of @alicloud/credentials.',
    )
    .argument('<key-pair>', 'its name', readKeyPair)
    .option('--csv', 'print CSV')
    .option('--all', 'show every instance')
    .action(async (keyPairName: string, flags: Flags) => {
      if (flags.csv && flags.json) throw usageError('Cannot use --csv and --json together');
      const access = cloudAccess(cloudDeploymentOf(flags, io), flags.region, io);
      const who = await whoHas(keyPairName, await io.cloud(access));
      if (who.fingerprint === null && who.holders.length === 0) {
        const why = `region ${access.regionId} has no such key pair, and no instance uses it`;
        throw new CliError(EXIT.refused, `Cannot find key pair "${keyPairName}": ${why}`);
      }
      if (flags.csv) io.out.write(csvOf(who));
      else printResult(io, flags, who, (view) => showWho(who, view));
    });
  return withCloud(withJson(made));
}
