import { shown } from '../../contract/parse.ts';
import { lowerCase, type Token } from './lexer.ts';
import { type Better, Misread } from './misread.ts';

export type Word = Token & { readonly kind: 'word' };

/** The tokens of a line that are still to be read. A quoted word never counts as a word of the grammar. */
export class Words {
  readonly #line: string;
  readonly #tokens: readonly Token[];
  #at = 0;

  /** @param tokens of `line`, for messages to show */
  constructor(line: string, tokens: readonly Token[]) {
    this.#line = line;
    this.#tokens = tokens;
  }

  peek(): Token | undefined {
    return this.#tokens[this.#at];
  }

  skip(): void {
    this.#at += 1;
  }

  /** The next word in lower case, if it can be a word of the grammar. */
  keyword(): string | undefined {
    const token = this.peek();
    return token?.kind === 'word' && !token.isQuoted ? lowerCase(token.text) : undefined;
  }

  /**
   * Takes the next word, whatever it is.
   *
   * @param what its meaning, for messages: `the name of a key pair`
   * @throws {Misread} when there is none
   */
  take(what: string, better: Better = {}): Word {
    const token = this.peek();
    if (token?.kind !== 'word') throw this.missing(what, better);
    this.skip();
    return token;
  }

  /** Takes the next word if it is one of these. */
  takeIf(...known: readonly string[]): boolean {
    const keyword = this.keyword();
    const isOne = keyword !== undefined && known.includes(keyword);
    if (isOne) this.skip();
    return isOne;
  }

  takeMark(mark: ',' | '='): boolean {
    const token = this.peek();
    const isOne = token?.kind === 'mark' && token.text === mark;
    if (isOne) this.skip();
    return isOne;
  }

  /** @throws {Misread} when the next word is none of these */
  expect(...known: readonly [string, ...string[]]): void {
    if (this.takeIf(...known)) return;
    const { from } = this.peek() ?? {};
    const fix = from === undefined ? null : { from, to: from, by: `${known[0]} ` };
    throw this.missing(`"${known[0]}"`, { fix });
  }

  /** @throws {Misread} when anything is left */
  end(): void {
    if (this.peek() === undefined) return;
    throw new Misread(`Cannot read ${this.#shown()}: nothing is expected here`, {
      hint: 'Options come last, and a text of several words needs quotes',
    });
  }

  /** The fault of a line whose next token should be `what`. */
  missing(what: string, better: Better = {}): Misread {
    if (this.peek() === undefined) {
      return new Misread(`Cannot read the line: ${what} is missing`, better);
    }
    return new Misread(`Cannot read ${this.#shown()}: ${what} is expected here`, better);
  }

  /** The fault of a line whose next word was probably meant to be another. */
  meant(what: string, word: string | undefined): Misread {
    const { from, to } = this.peek() ?? { from: 0, to: 0 };
    return this.missing(what, word === undefined ? {} : { fix: { from, to, by: word } });
  }

  #shown(): string {
    const { from, to } = this.peek()!;
    return shown(this.#line.slice(from, to));
  }
}
