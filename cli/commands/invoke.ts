import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { EXIT, usageError } from '../exit.ts';
import { type Invoked, LONGEST_RUN_MS } from '../invoke/invoke.ts';
import { type Cli, type Io, printLines } from '../io.ts';
import { operatorAccess, type OperatorFlags } from '../operator/operator-access.ts';
import { printJson } from '../show/json.ts';
import { plain } from '../show/text.ts';
import { type JsonFlag, withCloud, withJson } from './flags.ts';

type Flags = OperatorFlags & JsonFlag & { readonly async?: true };

export function invokeCommand(cli: Cli): Command {
  const { io } = cli;
  const made = new Command('invoke')
    .summary('call a function with an event')
    .description(
      'Calls a function over the API of Function Compute with the bytes of a file as its event, and prints what it answers and the end of its log. A function that fails is an error, though Function Compute answers 200. Proven against the local cloud; of Function Compute 3.0 it is not known for certain that it takes this package’s signature here.',
    )
    .argument('<function>', 'its name, such as latchkey-restart')
    .argument('<event>', 'a file, or - for standard input')
    .option('--async', 'do not wait for its end')
    .action(async (functionName: string, file: string, flags: Flags) => {
      const event = file === '-' ? Buffer.from(await io.readInput()) : readEvent(file);
      const ports = await io.operator(operatorAccess(flags, io));
      const isAsync = flags.async === true;
      const invoked = await ports.invoke({ functionName, event, isAsync }, LONGEST_RUN_MS);
      cli.exitStatus = statusOf(invoked);
      if (flags.json) printJson(io.out, documentOf(invoked));
      else show(invoked, io);
    });
  return withCloud(withJson(made));
}

function readEvent(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw usageError(`Cannot read the event from "${file}": ${code ?? 'not readable'}`);
  }
}

function statusOf({ kind }: Invoked): Cli['exitStatus'] {
  switch (kind) {
    case 'answered':
    case 'accepted':
      return EXIT.ok;
    case 'function-error':
      return EXIT.failed;
    case 'refused':
      return EXIT.refused;
  }
}

function documentOf(invoked: Invoked): object {
  if (invoked.kind !== 'answered') return invoked;
  return { ...invoked, body: invoked.body.toString('utf8') };
}

/** The answer alone on `out`, so that it can be piped. */
function show(invoked: Invoked, { out, err }: Io): void {
  switch (invoked.kind) {
    case 'answered':
      printLines(err, logLines(invoked.log));
      printLines(out, [invoked.body.toString('utf8').replace(/\n$/, '')]);
      return;
    case 'accepted':
      printLines(out, [`accepted: request ${plain(invoked.requestId)}`]);
      return;
    case 'function-error':
      printLines(err, [
        ...logLines(invoked.log),
        `The function failed: ${plain(invoked.errorType)}: ${plain(invoked.message)}`,
        `  request ${plain(invoked.requestId)}`,
      ]);
      return;
    case 'refused':
      printLines(err, [`Cannot invoke it: ${plain(invoked.code)}: ${plain(invoked.message)}`]);
  }
}

function logLines(log: string): string[] {
  return log
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => `| ${plain(line)}`);
}
