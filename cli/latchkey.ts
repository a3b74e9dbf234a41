import { Command, CommanderError } from 'commander';
import { LatchkeyError } from '../shared/domain/model/errors.ts';
import { Refusal } from './api/client.ts';
import { type CommandSpec, commandOf } from './command.ts';
import { attach, plan } from './commands/attach.ts';
import { audit } from './commands/audit.ts';
import { controlCommands } from './commands/control.ts';
import { doctor } from './commands/doctor.ts';
import { inspectCommands } from './commands/inspect.ts';
import { invoke } from './commands/invoke.ts';
import { deprovision, provision } from './commands/provision.ts';
import { redrive } from './commands/redrive.ts';
import { rotate } from './commands/rotate.ts';
import { go, stop } from './commands/stop.ts';
import { undo } from './commands/undo.ts';
import { CliError, EXIT, type ExitStatus } from './exit.ts';
import { type Cli, type Io, printLines } from './io.ts';
import { printJson } from './show/json.ts';
import { paintFor } from './show/paint.ts';
import { cloudExitStatus, exitStatusOf, showCloudError, showRefusal } from './show/problem.ts';
import { plain } from './show/text.ts';

/** Every command, in the order of the help. */
const GROUPS: Readonly<Record<string, readonly CommandSpec[]>> = {
  'Roll out:': [plan, attach, rotate, undo],
  'Inspect:': inspectCommands,
  'Control:': [...controlCommands, stop, go],
  'Operate:': [doctor, audit, redrive, provision, deprovision, invoke],
};

const AFTER_HELP = `
Exit status: 0 done, 1 ended badly, 2 wrong usage, 3 refused, 4 no answer,
5 the plan changed, 6 not finished. Details: docs/cli.md`;

export function programOf(cli: Cli): Command {
  const { out, err } = cli.io;
  const program = new Command('latchkey')
    .description('Binds SSH key pairs to fleets of ECS instances, and makes the key work.')
    .addHelpText('after', AFTER_HELP);
  for (const [heading, commands] of Object.entries(GROUPS)) {
    for (const spec of commands) program.addCommand(commandOf(spec, cli).helpGroup(heading));
  }
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({
      writeOut: (text) => out.write(text),
      writeErr: (text) => err.write(text),
      getOutHelpWidth: () => HELP_COLUMNS,
      getErrHelpWidth: () => HELP_COLUMNS,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    });
  }
  return program;
}

/** Fixed, so that docs/cli.md matches the help: our own choice. */
const HELP_COLUMNS = 100;

/**
 * Runs one command line.
 *
 * @returns the exit status: docs/cli.md
 * @throws nothing but bugs
 */
export async function latchkey(args: readonly string[], io: Io): Promise<ExitStatus> {
  const cli: Cli = { io, exitStatus: EXIT.ok, ids: [] };
  try {
    await programOf(cli).parseAsync(args, { from: 'user' });
    return cli.exitStatus;
  } catch (error) {
    // Commander has printed the help, or the fault in the arguments.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    return report(error, args.includes('--json'), cli);
  }
}

function report(error: unknown, json: boolean, { io, ids }: Cli): ExitStatus {
  const [lines, exitStatus, document] = failureOf(error, ids);
  const [first, ...rest] = lines;
  printLines(io.err, [paintFor(io.err, io)('red', first!), ...rest]);
  if (json && document !== undefined) printJson(io.out, document);
  return exitStatus;
}

type Failure = [lines: readonly string[], exitStatus: ExitStatus, document?: unknown];

/** @throws whatever is no expected failure */
function failureOf(error: unknown, ids: Cli['ids']): Failure {
  if (error instanceof CliError) {
    const { message, lines, document, exitStatus } = error;
    return [[plain(message), ...lines.map((line) => `  ${plain(line)}`)], exitStatus, document];
  }
  if (error instanceof Refusal) {
    return [showRefusal(error, ids), exitStatusOf(error), error.problem.document];
  }
  if (error instanceof LatchkeyError) return [showCloudError(error), cloudExitStatus(error)];
  throw error;
}
