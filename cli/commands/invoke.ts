import { Argument, Option } from 'commander';
import { operatorAccess } from '../cloud/cloud-access.ts';
import type { CommandSpec } from '../command.ts';
import { EXIT } from '../exit.ts';
import * as flag from '../flags.ts';
import { type Invoked, LONGEST_RUN_MS } from '../invoke/invoke.ts';
import { type Io, printLines } from '../io.ts';
import { readFile } from '../read-argument.ts';
import { printJson } from '../show/json.ts';
import { plain } from '../show/text.ts';

type Flags = flag.Flags & { readonly async?: true };

export const invoke: CommandSpec = {
  name: 'invoke',
  summary: 'call a function with an event',
  description:
    'Calls a function over the API of Function Compute, with the bytes of a file as its event. Prints the answer and the end of the log. A function that fails is an error, although Function Compute answers 200. Tested against the local cloud only: it is not verified that Function Compute 3.0 accepts the signature of this package for invocations.',
  args: [
    new Argument('<function>', 'its name, such as latchkey-restart'),
    new Argument('<event>', 'a file, or - for standard input'),
  ],
  flags: [new Option('--async', 'do not wait for the result'), ...flag.cloud()],
  async run(cli, flags: Flags, functionName: string, file: string) {
    const { io } = cli;
    const event = file === '-' ? Buffer.from(await io.readInput()) : readFile('the event', file);
    const ports = await io.operator(operatorAccess(flags, io));
    const isAsync = flags.async === true;
    const invoked = await ports.invoke({ functionName, event, isAsync }, LONGEST_RUN_MS);
    cli.exitStatus = EXIT_STATUSES[invoked.kind];
    if (flags.json) printJson(io.out, documentOf(invoked));
    else show(invoked, io);
  },
};

const EXIT_STATUSES = {
  answered: EXIT.ok,
  accepted: EXIT.ok,
  'function-error': EXIT.failed,
  refused: EXIT.refused,
} as const;

function documentOf(invoked: Invoked): object {
  if (invoked.kind !== 'answered') return invoked;
  return { ...invoked, body: invoked.body.toString('utf8') };
}

/** Prints only the answer to `out`, so that it can be piped. */
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
      printLines(err, [
        `Cannot invoke the function: ${plain(invoked.code)}: ${plain(invoked.message)}`,
      ]);
  }
}

function logLines(log: string): string[] {
  return log
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => `| ${plain(line)}`);
}
