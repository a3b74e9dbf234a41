import { Command } from 'commander';
import { cloudAccess } from '../cloud/cloud-access.ts';
import { CliError, EXIT, usageError } from '../exit.ts';
import { type Cli, printLines } from '../io.ts';
import { cloudDeploymentOf, type DeploymentFlags } from '../deployment.ts';
import { printJson } from '../show/json.ts';
import { paintFor } from '../show/paint.ts';
import { csvOf, showWho } from '../who/show-who.ts';
import { whoHas } from '../who/who.ts';
import { type JsonFlag, withCloud, withJson } from './flags.ts';
import { readKeyPair } from './key-pair.ts';

type Flags = DeploymentFlags &
  JsonFlag & { readonly region?: string; readonly csv?: true; readonly all?: true };

export function whoCommand(cli: Cli): Command {
  const { io } = cli;
  const made = new Command('who')
    .summary('every instance that a key pair logs in to, or may')
    .description(
      'Shows every instance that is bound to a key pair and whether it is effective there, and those bound to another since where it logs in until the next boot. Asks ECS and the table instances, with the credentials that the default chain of @alicloud/credentials finds.',
    )
    .argument('<key-pair>', 'its name', readKeyPair)
    .option('--csv', 'print CSV')
    .option('--all', 'show every instance, however many')
    .action(async (keyPairName: string, flags: Flags) => {
      if (flags.csv && flags.json) throw usageError('Cannot use --csv and --json together');
      const place = cloudAccess(cloudDeploymentOf(flags, io), flags.region, io);
      const who = await whoHas(keyPairName, await io.cloud(place));
      if (who.fingerprint === null && who.holders.length === 0) {
        const why = `not in region ${place.regionId}, and bound to nothing there`;
        throw new CliError(EXIT.refused, `Cannot find key pair "${keyPairName}": ${why}`);
      }
      if (flags.json) printJson(io.out, who);
      else if (flags.csv) io.out.write(csvOf(who));
      else {
        const all = flags.all === true || !io.out.isTerminal;
        printLines(io.out, showWho(who, { paint: paintFor(io.out, io), all }));
      }
    });
  return withCloud(withJson(made));
}
