import { shown } from '../../contract/parse.ts';
import { Misread } from './misread.ts';
import { isQuote, quotedAt } from './quotes.ts';

/** A part of a line, and its position. */
export type Token = { readonly from: number; readonly to: number } & (
  | { readonly kind: 'word'; readonly text: string; readonly isQuoted: boolean }
  /** Without its dashes, in lower case. */
  | { readonly kind: 'option'; readonly name: string }
  | { readonly kind: 'mark'; readonly text: ',' | '=' }
);

/** Characters that are read as one hyphen: hyphens, figure and en dash, minus, small and full width. */
const HYPHENS = '\\-\u2010\u2011\u2012\u2013\u2212\ufe63\uff0d';
/** Phones replace two hyphens by one of these. */
const LONG_DASHES = '\u2014\u2015';

/** Text that needs no quotes: names and ids, in any script, without characters that a shell interprets. */
const WORD = new RegExp(`[\\p{L}\\p{N}\\p{M}_.:/@+%${HYPHENS}]+`, 'uy');
const OPTION = new RegExp(`[${HYPHENS}${LONG_DASHES}]+([\\p{L}\\p{N}${HYPHENS}]*)`, 'uy');

/** What input methods type for the characters of the grammar. */
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
 * The tokens of a line from `from` on. Outside quotes, every hyphen and dash is read as "-", and full-width
 * digits as digits. No other character is replaced.
 *
 * @throws {Misread} for a character that needs quotes, and for quotes that are not closed
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

/** The text with plain hyphens and digits. */
export function plainWord(text: string): string {
  return text
    .replaceAll(new RegExp(`[${HYPHENS}]`, 'g'), '-')
    .replaceAll(/[\uff10-\uff19]/g, (digit) => digit.normalize('NFKC'));
}

/** Only the letters A to Z change: the words of the grammar have no others. */
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
    throw new Misread(`Cannot read ${shown(line.slice(from))}: the quotes are not closed`, {
      hint: 'Close the text with the same kind of quotes',
    });
  }
  const { text, to } = quoted;
  return endedWord(line, { kind: 'word', text, isQuoted: true, from, to });
}

/** Two words without a space between them are ambiguous. */
function endedWord(line: string, token: Token): Token {
  const next = line[token.to];
  if (next === undefined || ' ,='.includes(next)) return token;
  if (token.kind === 'word' && token.isQuoted) {
    throw new Misread(
      `Cannot read ${shown(line.slice(token.to))}: a space must follow the quotes`,
      {
        hint: String.raw`Inside quotes, write \" for a quote`,
      },
    );
  }
  throw isQuote(next) ? quotesInside(line, token) : unknownAt(line, token.to);
}

function quotesInside(line: string, { from }: Token): Misread {
  return new Misread(`Cannot read ${shown(line.slice(from))}: a word contains quotes`, {
    hint: 'Put the whole text in quotes',
  });
}

function unknownAt(line: string, at: number): Misread {
  const character = String.fromCodePoint(line.codePointAt(at)!);
  const by = MEANT[character];
  const fix = by === undefined ? null : { from: at, to: at + character.length, by };
  return new Misread(`Cannot read ${shown(character)}: it is allowed only in quotes`, { fix });
}
