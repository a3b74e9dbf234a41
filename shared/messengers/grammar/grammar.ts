import { textOf } from '../../domain/chat/chat-text.ts';
import type { ChatCommand } from '../../domain/model/order.ts';
import { commandIn } from './command-in.ts';
import { lowerCase } from './lexer.ts';
import { Misread } from './misread.ts';
import { plainLine } from './plain-line.ts';
import { isVerb, VERBS } from './verbs.ts';

/** A line, read. */
export type Line =
  | { readonly kind: 'command'; readonly command: ChatCommand }
  /** Texts for a person. They may repeat parts of the line, but never a credential. */
  | { readonly kind: 'fault'; readonly message: string; readonly hint: string };

/** Most slips that an answer corrects: our own choice. */
const MAX_FIXES = 4;
/** Longest command that an answer suggests: our own choice, a person must check it at a glance. */
const MAX_SUGGESTED = 300;

/**
 * Reads a message as one command (docs/chatops.md has the grammar). Never throws. A line that is nearly a
 * command is a fault that suggests the command: nothing is guessed.
 *
 * @param text without the additions of the platform: mentions, escapes, links made of words
 * @param options.regionId the deployment's own region, the only one that can be named
 */
export function parseLine(text: string, { regionId }: { readonly regionId: string }): Line {
  const line = attempt(() => plainLine(text));
  if (line instanceof Misread) return { kind: 'fault', message: line.message, hint: line.hint };
  const command = attempt(() => commandIn(line, regionId));
  if (!(command instanceof Misread)) return { kind: 'command', command };
  return { kind: 'fault', message: command.message, hint: hintOf(command, line, regionId) };
}

function attempt<T>(read: () => T): T | Misread {
  try {
    return read();
  } catch (error) {
    if (error instanceof Misread) return error;
    throw error;
  }
}

function hintOf(fault: Misread, line: string, regionId: string): string {
  const suggested = suggestion(fault, line, regionId);
  if (suggested !== undefined) return `Did you mean: ${suggested}`;
  const { fix, hint } = fault;
  const verb = lowerCase(line.split(' ', 1)[0]!);
  return [
    ...(fix === null ? [] : [`Nearest: ${fix.by.trim()}`]),
    ...(hint === '' ? [] : [hint]),
    isVerb(verb) ? `Example: ${VERBS[verb].example}` : 'For all commands: help',
  ].join('; ');
}

/** The command that remains after each slip is corrected, in canonical form. */
function suggestion(fault: Misread, line: string, regionId: string): string | undefined {
  let { fix } = fault;
  let text = line;
  for (let count = 0; fix !== null && count < MAX_FIXES; count += 1) {
    text = text.slice(0, fix.from) + fix.by + text.slice(fix.to);
    const fixed = text;
    const read = attempt(() => commandIn(fixed, regionId));
    if (!(read instanceof Misread)) {
      const canonical = textOf(read);
      return canonical.length <= MAX_SUGGESTED ? canonical : undefined;
    }
    fix = read.fix;
  }
  return undefined;
}
