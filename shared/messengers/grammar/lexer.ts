import { shown } from '../../contract/parse.ts';
import { Misread } from './misread.ts';
import { isQuote, quotedAt } from './quotes.ts';

/** A piece of a line, and where it stands. */
export type Token = { readonly from: number; readonly to: number } & (
  | { readonly kind: 'word'; readonly text: string; readonly isQuoted: boolean }
  /** Without its dashes, in lower case. */
  | { readonly kind: 'option'; readonly name: string }
  | { readonly kind: 'mark'; readonly text: ',' | '=' }
);

/** Dashes that can only stand for one hyphen: hyphens, figure and en dash, minus, small and full width. */
const HYPHENS = '\\-\u2010\u2011\u2012\u2013\u2212\ufe63\uff0d';
/** Phones make one of these of two hyphens. */
const LONG_DASHES = '\u2014\u2015';

/** What needs no quotes: names and ids, in any script. No shell would find something to do in it. */
const WORD = new RegExp(`[\\p{L}\\p{N}\\p{M}_.:/@+%${HYPHENS}]+`, 'uy');
const OPTION = new RegExp(`[${HYPHENS}${LONG_DASHES}]+([\\p{L}\\p{N}${HYPHENS}]*)`, 'uy');

/** What input methods write for what the grammar knows. */
const MEANT: Readonly<Record<string, string>> = {
  '\uff0c': ',',
  '\u3001': ',',
  '\uff1d': '=',
  '\uff05': '%',
  '\uff1a': ':',
  '\uff0f': '/',
  '\u2014': '-',
  '\u2015': '-',
};

/**
 * Takes a line apart from `from` on. Outside of quotes, every hyphen and dash is "-" and digits of full
 * width are digits; nothing else is taken for something that it is not.
 *
 * @throws {Misread} at the first character that needs quotes, and at quotes that are not closed
 */
export function tokensOf(line: string, from: number): Token[] {
  const tokens: Token[] = [];
  let at = from;
  while (at < line.length) {
    if (line[at] === ' ') {
      at += 1;
      continue;
    }
    const token = tokenAt(line, at);
    tokens.push(token);
    at = token.to;
  }
  return tokens;
}

/** Hyphens and digits as on a keyboard. */
export function plainWord(text: string): string {
  return text
    .replaceAll(new RegExp(`[${HYPHENS}]`, 'g'), '-')
    .replaceAll(/[\uff10-\uff19]/g, (digit) => digit.normalize('NFKC'));
}

/** Of the letters A to Z only: others have no place in a word that is known. */
export function lowerCase(text: string): string {
  return text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}

function tokenAt(line: string, from: number): Token {
  const first = line[from]!;
  if (first === ',' || first === '=') return { kind: 'mark', text: first, from, to: from + 1 };
  if (isQuote(first)) return quotedWord(line, from);
  const option = matchAt(OPTION, line, from);
  if (option !== undefined) {
    const name = lowerCase(plainWord(option[1]!));
    return endedWord(line, { kind: 'option', name, from, to: from + option[0].length });
  }
  const word = matchAt(WORD, line, from)?.[0];
  if (word === undefined) throw unknownAt(line, from);
  const to = from + word.length;
  return endedWord(line, { kind: 'word', text: plainWord(word), isQuoted: false, from, to });
}

function matchAt(pattern: RegExp, line: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(line) ?? undefined;
}

function quotedWord(line: string, from: number): Token {
  const quoted = quotedAt(line, from);
  if (quoted === undefined) {
    throw new Misread(`Cannot read ${shown(line.slice(from))}: nothing closes the quotes`, {
      hint: 'A text in quotes ends with quotes of the same kind',
    });
  }
  const { text, to } = quoted;
  return endedWord(line, { kind: 'word', text, isQuoted: true, from, to });
}

/** Two words that touch are a slip, and could be read in two ways. */
function endedWord(line: string, token: Token): Token {
  const next = line[token.to];
  if (next === undefined || ' ,='.includes(next)) return token;
  if (token.kind === 'word' && token.isQuoted) {
    throw new Misread(
      `Cannot read ${shown(line.slice(token.to))}: it touches the quotes before it`,
      {
        hint: String.raw`Inside of quotes, write \" for a quote`,
      },
    );
  }
  throw isQuote(next) ? quotesInside(line, token) : unknownAt(line, token.to);
}

function quotesInside(line: string, { from }: Token): Misread {
  return new Misread(`Cannot read ${shown(line.slice(from))}: there are quotes inside of a word`, {
    hint: 'Put the whole text in quotes',
  });
}

function unknownAt(line: string, at: number): Misread {
  const character = String.fromCodePoint(line.codePointAt(at)!);
  const by = MEANT[character];
  const fix = by === undefined ? null : { from: at, to: at + character.length, by };
  return new Misread(`Cannot read ${shown(character)}: it can stand in quotes only`, { fix });
}
