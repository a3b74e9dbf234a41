import { type Argument, Command, type Option } from 'commander';
import type { Flags } from './flags.ts';
import type { Cli } from './io.ts';

/** A command of the command line, and its help. */
export interface CommandSpec {
  readonly name: string;
  readonly summary: string;
  readonly description: string;
  readonly args?: readonly Argument[];
  /** In the order of the help. */
  readonly flags: readonly Option[];
  run(cli: Cli, flags: Flags, ...args: never[]): Promise<void>;
}

export function commandOf(spec: CommandSpec, cli: Cli): Command {
  const { name, summary, description, args = [], flags } = spec;
  const command = new Command(name).summary(summary).description(description);
  for (const arg of args) command.addArgument(arg);
  for (const flag of flags) command.addOption(flag);
  return command.action(() =>
    spec.run(cli, command.opts<Flags>(), ...(command.processedArgs as never[])),
  );
}
