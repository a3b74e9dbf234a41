import { Command } from 'commander';
import { confirm } from '../confirm.ts';
import { CliError, EXIT, usageError } from '../exit.ts';
import { type Cli, printLines } from '../io.ts';
import { operatorAccess, type OperatorFlags } from '../operator/operator-access.ts';
import type { OperatorAccess } from '../operator/operator-ports.ts';
import { changes, planDeprovision, planProvision, type Step } from '../provision/provision.ts';
import { type RequiredStores, requiredStores } from '../provision/required-stores.ts';
import { printJson } from '../show/json.ts';
import { paintFor } from '../show/paint.ts';
import { table } from '../show/table.ts';
import { count } from '../show/text.ts';
import { type JsonFlag, withCloud, withJson } from './flags.ts';

type Flags = OperatorFlags & JsonFlag & { readonly yes?: true };

export function provisionCommand(cli: Cli): Command {
  const { io } = cli;
  const made = new Command('provision')
    .summary('make the queues and tables that Latchkey needs')
    .description(
      'Shows which queues and tables are there, differ or are missing, asks, and makes or changes them. What is as it must be stays as it is, so it can be run again. Roles, logs and alarms are in deploy/latchkey.ros.yaml; functions and triggers come with npm run deploy.',
    )
    .option('-y, --yes', 'do not ask')
    .action(async (flags: Flags) => {
      const place = operatorAccess(flags, io);
      const ports = await io.operator(place);
      const steps = await planProvision(wantedAt(place), ports);
      await carryOut(steps, flags, cli, () => {
        const many = count(changes(steps).length, 'change');
        return confirm(`Make ${many} in ${place.regionId}?`, answers(flags), io);
      });
    });
  return withCloud(withJson(made));
}

type RemoveFlags = OperatorFlags &
  JsonFlag & { readonly confirmInstance?: string; readonly force?: true };

export function deprovisionCommand(cli: Cli): Command {
  const { io } = cli;
  const made = new Command('deprovision')
    .summary('take the queues and tables away, with all that they hold')
    .description(
      'Shows what would be deleted, and deletes it once the name of the Tablestore instance was typed. Every rollout, message and audit entry is lost. Refuses as long as rollouts are not over.',
    )
    .option(
      '--confirm-instance <name>',
      'the name of the Tablestore instance, in place of the question',
    )
    .option('--force', 'also while rollouts are not over')
    .action(async (flags: RemoveFlags) => {
      const place = operatorAccess(flags, io);
      const ports = await io.operator(place);
      const steps = await planDeprovision(wantedAt(place), ports);
      const isThere = steps.some(({ what, name, kind }) => {
        return what === 'table' && name === 'index' && kind === 'remove';
      });
      const open = isThere && flags.force !== true ? await ports.openRollouts() : [];
      if (open.length > 0) {
        throw new CliError(
          EXIT.refused,
          `Cannot take it away: ${count(open.length, 'rollout')} not over: ${open.slice(0, 3).join(', ')}`,
          { lines: ['abort them first, or use --force: nothing finishes what they began'] },
        );
      }
      await carryOut(steps, flags, cli, () => typedName(flags, place, cli));
    });
  return withCloud(withJson(made));
}

async function typedName(
  { confirmInstance, json }: RemoveFlags,
  { tablestoreInstance: name }: OperatorAccess,
  { io }: Cli,
): Promise<void> {
  if (confirmInstance === undefined && (io.ask === undefined || json === true)) {
    throw usageError(
      'Cannot ask for the name of the instance: this is no terminal',
      `the same again with --confirm-instance ${name} does it unasked`,
    );
  }
  const typed =
    confirmInstance ?? (await io.ask!(`All of it is lost. Type "${name}" to delete it: `));
  if (typed.trim() === name) return;
  throw new CliError(EXIT.unfinished, `Nothing was done: "${typed.trim()}" is not "${name}"`);
}

function wantedAt({ queues }: OperatorAccess): RequiredStores {
  return requiredStores(Object.values(queues));
}

function answers({ yes, json }: Flags) {
  return { yes: yes === true, json: json === true };
}

async function carryOut(
  steps: readonly Step[],
  { json }: JsonFlag,
  cli: Cli,
  agree: () => Promise<void>,
): Promise<void> {
  const { io } = cli;
  const shown = steps.map(({ kind, what, name, detail }) => ({ kind, what, name, detail }));
  const isPossible = steps.every(({ kind }) => kind !== 'impossible');
  if (!json) {
    const rows = shown.map(({ kind, what, name, detail }) => [kind, what, name, detail]);
    printLines(io.out, table(['to do', 'what', 'name', 'how'], rows, paintFor(io.out, io)));
  }
  if (!isPossible) cli.exitStatus = EXIT.failed;
  const todo = changes(steps);
  if (todo.length > 0) {
    await agree();
    // One after the other: where one fails, it is plain what was done before.
    for (const step of todo) await step.run();
  }
  if (json) printJson(io.out, { steps: shown, done: todo.length });
  else
    printLines(io.out, [
      todo.length === 0 ? 'nothing to do' : `done: ${count(todo.length, 'change')}`,
    ]);
}
