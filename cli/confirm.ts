import { CliError, EXIT, usageError } from './exit.ts';
import type { Io } from './io.ts';

/**
 * Lets a person say no.
 *
 * @throws {CliError} `unfinished` when they do, `usage` when nobody is there to be asked
 */
export async function confirm(
  question: string,
  { yes, json }: { readonly yes: boolean; readonly json: boolean },
  { ask }: Pick<Io, 'ask'>,
): Promise<void> {
  if (yes) return;
  if (json || ask === undefined) {
    const why = json ? '--json leaves no room for a question' : 'this is no terminal';
    throw usageError(
      `Cannot ask "${question}": ${why}`,
      'the same again with --yes does it unasked',
    );
  }
  const answer = await ask(`${question} [y/N] `);
  if (/^\s*y(es)?\s*$/i.test(answer)) return;
  throw new CliError(EXIT.unfinished, 'Nothing was done: you said no');
}
