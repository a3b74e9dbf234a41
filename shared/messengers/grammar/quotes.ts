/** The quotes that keyboards and phones type. */
const DOUBLE = '"\u201c\u201d\u201e\u201f\u00ab\u00bb\uff02';
const SINGLE = "'\u2018\u2019\u201a\u201b\u2039\u203a\uff07";

/** A quoted text, and the position after it. */
export interface Quoted {
  readonly text: string;
  readonly to: number;
}

export function isQuote(character: string | undefined): boolean {
  return character !== undefined && (DOUBLE + SINGLE).includes(character);
}

/**
 * Reads the quoted text that begins at `from`. A plain `"` or `'` is closed by the same character. A
 * typographic quote is closed by any of its kind, because the pairs differ by language. A backslash before
 * a closing quote or a backslash makes it part of the text.
 *
 * @returns undefined when the quotes are not closed
 */
export function quotedAt(line: string, from: number): Quoted | undefined {
  const closing = closingOf(line[from]!);
  let text = '';
  for (let at = from + 1; at < line.length; at += 1) {
    const next = line[at + 1];
    const isEscape =
      line[at] === '\\' && next !== undefined && (next === '\\' || closing.includes(next));
    if (isEscape) at += 1;
    else if (closing.includes(line[at]!)) return { text, to: at + 1 };
    text += line[at];
  }
  return undefined;
}

function closingOf(opening: string): string {
  if (opening === '"' || opening === "'") return opening;
  return DOUBLE.includes(opening) ? DOUBLE : SINGLE;
}
