import { Option } from 'commander';
import { operatorAccess } from '../cloud/cloud-access.ts';
import type { CommandSpec } from '../command.ts';
import { confirm } from '../confirm.ts';
import { CliError, EXIT, usageError } from '../exit.ts';
import * as flag from '../flags.ts';
import { type Cli, printLines } from '../io.ts';
import type { OperatorAccess } from '../operator/operator-ports.ts';
import {
  changes,
  planDeprovision,
  planProvision,
  requiredStores,
  type Step,
} from '../provision/provision.ts';
import { printJson } from '../show/json.ts';
import { paintFor } from '../show/paint.ts';
import { table } from '../show/table.ts';
import { count } from '../show/text.ts';

type Flags = flag.Flags & { readonly yes?: true };

export const provision: CommandSpec = {
  name: 'provision',
  summary: 'create the queues and tables that Latchkey needs',
  description:
    'Shows which queues and tables exist, differ or are missing, asks, and creates or changes them. It can be run again: what is correct is left alone. Roles, logs and alarms are in deploy/latchkey.ros.yaml. Functions and triggers are created by npm run deploy.',
  flags: [flag.YES, ...flag.cloud()],
  async run(cli, flags: Flags) {
    const { io } = cli;
    const access = operatorAccess(flags, io);
    const ports = await io.operator(access);
    const steps = await planProvision(requiredStores(Object.values(access.queues)), ports);
    await runSteps(steps, flags, cli, () => {
      const many = count(changes(steps).length, 'change');
      return confirm(`Make ${many} in ${access.regionId}?`, flags, io);
    });
  },
};

type RemoveFlags = flag.Flags & { readonly confirmInstance?: string; readonly force?: true };

export const deprovision: CommandSpec = {
  name: 'deprovision',
  summary: 'delete the queues and tables, with everything in them',
  description:
    'Shows what would be deleted, and deletes it after the name of the Tablestore instance is typed. Every rollout, message and audit entry is lost. Refuses while any rollout is not over.',
  flags: [
    new Option(
      '--confirm-instance <name>',
      'name of the Tablestore instance, instead of typing it',
    ),
    new Option('--force', 'delete even while rollouts are not over'),
    ...flag.cloud(),
  ],
  async run(cli, flags: RemoveFlags) {
    const { io } = cli;
    const access = operatorAccess(flags, io);
    const ports = await io.operator(access);
    const steps = await planDeprovision(requiredStores(Object.values(access.queues)), ports);
    const hasIndex = steps.some(({ what, name, kind }) => {
      return what === 'table' && name === 'index' && kind === 'remove';
    });
    const open = hasIndex && flags.force !== true ? await ports.openRollouts() : [];
    if (open.length > 0) {
      throw new CliError(
        EXIT.refused,
        `Cannot delete them: ${count(open.length, 'rollout')} not over: ${open.slice(0, 3).join(', ')}`,
        { lines: ['abort the rollouts first, or use --force, which leaves them unfinished'] },
      );
    }
    await runSteps(steps, flags, cli, () => confirmByName(flags, access, cli));
  },
};

async function confirmByName(
  { confirmInstance, json }: RemoveFlags,
  { tablestoreInstance: name }: OperatorAccess,
  { io }: Cli,
): Promise<void> {
  if (confirmInstance === undefined && (io.ask === undefined || json === true)) {
    throw usageError(
      'Cannot ask for the name of the instance: this is no terminal, or --json is given',
      `run it again with --confirm-instance ${name} to skip the question`,
    );
  }
  const typed =
    confirmInstance ?? (await io.ask!(`All of it will be lost. Type "${name}" to delete it: `));
  if (typed.trim() === name) return;
  throw new CliError(EXIT.unfinished, `Nothing was done: "${typed.trim()}" is not "${name}"`);
}

async function runSteps(
  steps: readonly Step[],
  { json }: flag.Flags,
  cli: Cli,
  agree: () => Promise<void>,
): Promise<void> {
  const { out, env } = cli.io;
  const shown = steps.map(({ kind, what, name, detail }) => ({ kind, what, name, detail }));
  if (!json) {
    const rows = shown.map((step) => Object.values(step));
    printLines(out, table(['to do', 'what', 'name', 'how'], rows, paintFor(out, { env })));
  }
  if (steps.some(({ kind }) => kind === 'impossible')) cli.exitStatus = EXIT.failed;
  const todo = changes(steps);
  if (todo.length > 0) {
    await agree();
    // One after another, so that a failure leaves a clear state.
    for (const step of todo) await step.run();
  }
  if (json) printJson(out, { steps: shown, done: todo.length });
  else
    printLines(out, [
      todo.length === 0 ? 'nothing to do' : `done: ${count(todo.length, 'change')}`,
    ]);
}
