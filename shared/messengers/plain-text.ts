/**
 * Text without characters that are invisible, change the direction of text or are not assigned (Unicode's classes of
 * "other"), with `\n` as line end. Each messenger itself neutralises the markup, links and mentions of its platform.
 *
 * @param max characters as JavaScript counts them, which is never fewer than a platform counts
 */
export function plainText(text: string, max = Number.POSITIVE_INFINITY): string {
  const lines = text.replaceAll(/\r\n?|[\p{Zl}\p{Zp}]/gu, '\n').replaceAll('\t', ' ');
  return cut(lines.replaceAll(/[^\P{C}\n]+/gu, ''), max);
}

/** As `plainText`, in one line. */
export function plainLine(text: string, max = Number.POSITIVE_INFINITY): string {
  return cut(plainText(text).replaceAll(/\s+/gu, ' ').trim(), max);
}

/** Ends with `…` if it was cut, and never with half a character. */
function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  return `${text.slice(0, max - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** The whole text in pieces of at most `max` characters, cut at line ends where possible. */
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

/**
 * As many of the first parts as fit. If some are left out, `more` is added at the end.
 *
 * @param fits if it is true for some parts, it must be true for fewer of them
 */
export function firstThatFit<T>(
  parts: readonly T[],
  more: T,
  fits: (parts: readonly T[]) => boolean,
): readonly T[] {
  if (fits(parts)) return parts;
  let count = parts.length - 1;
  while (count > 0 && !fits([...parts.slice(0, count), more])) count -= 1;
  return [...parts.slice(0, count), more];
}

/** Shown in place of the parts that were left out. */
export const MORE = '… there is more than fits here: ask for its status.';
