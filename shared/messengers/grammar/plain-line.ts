import { holdsCredential } from '../../contract/parse.ts';
import { Misread } from './misread.ts';

/** Our own choice: about 170 instance ids, and a screen that somebody still reads before approving. */
export const MAX_LINE_LENGTH = 4_000;

/**
 * Characters that can hide in a line, or change how it is read: control and format characters (including
 * those that turn the reading direction), zero-width characters, line ends, halves of characters, and
 * private ones. The variation selector of an emoji is permitted.
 */
const HIDDEN =
  /(?!(?<=\p{Extended_Pictographic})\ufe0f)[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]/u;

/** A mention of the robot, and a slash command in a conversation with it, begin with its name. */
const OWN_NAME = /^\/?latchkey(?: +|$)/i;

/**
 * The line of one message, without surrounding spaces and without our own name at its beginning. Every
 * kind of space becomes a plain one.
 *
 * @throws {Misread} for a message that is too long, has several lines, hidden characters, or a credential
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
    `Cannot read a line of ${length} characters: at most ${MAX_LINE_LENGTH} are allowed`,
    {
      hint: 'Select many instances by conditions (help targets), or use the webhook: POST /rollouts takes 1,000 ids',
    },
  );
}

/** Such a line would be repeated in answers, cards and logs. */
function credentialIn(): Misread {
  return new Misread('Cannot read the line: it seems to contain a credential', {
    hint: 'Everyone in this conversation can see it: if it is a credential, replace it now',
  });
}

function hiddenAt({ 0: character, index }: RegExpExecArray): Misread {
  if (/[\n\r\u0085\u2028\u2029]/.test(character)) {
    return new Misread('Cannot read more than one line: a message is one command', {
      hint: 'Send each command as a separate message',
    });
  }
  const code = character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
  return new Misread(`Cannot read character ${index + 1} (U+${code}): it is invisible`, {
    hint: 'Type the line again instead of pasting it',
  });
}
