import { CliError, EXIT, usageError } from './exit.ts';
import type { Flags } from './flags.ts';
import type { Io } from './io.ts';

/**
 * Asks a yes-or-no question, unless `--yes` was given.
 *
 * @throws {CliError} `unfinished` when the answer is no, `usage` when nobody can be asked
 */
export async function confirm(
  question: string,
  { yes, json }: Flags,
  { ask }: Pick<Io, 'ask'>,
): Promise<void> {
  if (yes) return;
  if (json || ask === undefined) {
    const why = json ? '--json allows no question' : 'this is no terminal';
    throw usageError(
      `Cannot ask "${question}": ${why}`,
      'run it again with --yes to skip the question',
    );
  }
  const answer = await ask(`${question} [y/N] `);
  if (/^\s*y(es)?\s*$/i.test(answer)) return;
  throw new CliError(EXIT.unfinished, 'Nothing was done: you said no');
}
