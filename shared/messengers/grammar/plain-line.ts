import { holdsCredential } from '../../contract/parse.ts';
import { Misread } from './misread.ts';

/** Our own choice: about 170 instance ids, and a screen that somebody still reads before approving. */
export const MAX_LINE_LENGTH = 4_000;

/**
 * What can hide in a line, or change how it is read: control and format characters (those that turn the
 * reading direction among them), what has no width, line ends, halves of characters, private ones.
 * An emoji's own variation selector is none of that.
 */
const HIDDEN =
  /(?!(?<=\p{Extended_Pictographic})\ufe0f)[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]/u;

/** Whoever mentions the robot, or types a slash command into a conversation with it, names it first. */
const OWN_NAME = /^\/?latchkey(?: +|$)/i;

/**
 * One message as one line: without space around it and without our own name before it. Every kind of
 * space is a space.
 *
 * @throws {Misread} when it is too long, more than one line, has characters that can hide, or a credential
 */
export function plainLine(text: string): string {
  const trimmed = text.trim();
  if (trimmed.length > MAX_LINE_LENGTH) throw tooLong(trimmed.length);
  const line = trimmed.replaceAll(/\p{Zs}/gu, ' ');
  const hidden = HIDDEN.exec(line);
  if (hidden !== null) throw hiddenAt(hidden);
  if (holdsCredential(line)) throw credentialIn();
  return line.replace(OWN_NAME, '');
}

function tooLong(length: number): Misread {
  return new Misread(
    `Cannot read a line of ${length} characters: it may have at most ${MAX_LINE_LENGTH}`,
    {
      hint: 'Name many instances by what they have in common (tag, keypair, zone, vpc, group, name), or ask by the webhook: POST /rollouts takes 1,000 ids',
    },
  );
}

/** It would be repeated in answers, cards and logs. */
function credentialIn(): Misread {
  return new Misread('Cannot read the line: it holds what looks like a credential', {
    hint: 'Whoever reads this conversation has seen it: if it is one, replace it now',
  });
}

function hiddenAt({ 0: character, index }: RegExpExecArray): Misread {
  if (/[\n\r\u0085\u2028\u2029]/.test(character)) {
    return new Misread('Cannot read more than one line: a message is one command', {
      hint: 'Send each command as a message of its own',
    });
  }
  const code = character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
  return new Misread(`Cannot read character ${index + 1} (U+${code}): it cannot be seen`, {
    hint: 'Type the line anew instead of pasting it',
  });
}
