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
  /** Texts for a person. They repeat parts of what was typed, on one line and never a credential. */
  | { readonly kind: 'fault'; readonly message: string; readonly hint: string };

/** Slips of one line that are put right in an answer: our own choice. */
const MAX_FIXES = 4;
/** Longest form that an answer suggests whole: our own choice, it must be compared at a glance. */
const MAX_SUGGESTED = 300;

/**
 * Reads one message as one command: the whole of it, or nothing (docs/chatops.md has the grammar).
 * Never throws. What is nearly a command is a fault that suggests it: nothing is guessed.
 *
 * @param text without what the platform puts around it: mentions, escapes, links made of words
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
    isVerb(verb) ? `Example: ${VERBS[verb].example}` : 'All that can be typed: help',
  ].join('; ');
}

/** The command that the line is when each slip in it is put right, in canonical form. */
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
