/**
 * Text as it is shown: without what is invisible, turns the direction of text around, or is no character
 * (Unicode's classes of "other"), in lines that end with `\n`.
 *
 * What a platform takes for markup, a link or a mention is for its own adapter.
 *
 * @param max characters as JavaScript counts them: never fewer than any platform does
 */
export function plainText(text: string, max = Number.POSITIVE_INFINITY): string {
  const lines = text.replaceAll(/\r\n?|[\p{Zl}\p{Zp}]/gu, '\n').replaceAll('\t', ' ');
  return cut(lines.replaceAll(/[^\P{C}\n]+/gu, ''), max);
}

/** In one line. */
export function plainLine(text: string, max = Number.POSITIVE_INFINITY): string {
  return cut(plainText(text).replaceAll(/\s+/gu, ' ').trim(), max);
}

/** With a sign where it was cut, and no half of a character. */
function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  return `${text.slice(0, max - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** The whole text, in pieces of at most `max` characters: at ends of lines, where there are any. */
export function inPieces(text: string, max: number): string[] {
  const pieces: string[] = [];
  let rest = text;
  while (rest.length > max) {
    const head = rest.slice(0, max).replace(/[\uD800-\uDBFF]$/, '');
    const lineEnd = rest[head.length] === '\n' ? head.length : head.lastIndexOf('\n');
    const end = lineEnd > 0 ? lineEnd : head.length;
    pieces.push(rest.slice(0, end));
    rest = rest.slice(lineEnd > 0 ? end + 1 : end);
  }
  return [...pieces, rest].filter((piece) => piece.trim() !== '');
}
