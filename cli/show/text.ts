import stringWidth from 'string-width';

/**
 * Replaces characters that a terminal would obey (control characters, line feeds among them) and those that
 * change the reading direction. For every text that comes from outside.
 */
export function plain(text: string): string {
  return text.replaceAll(
    /[\p{Cc}\p{Cs}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu,
    '\ufffd',
  );
}

// oxlint-disable-next-line no-control-regex -- the colours that `paint.ts` makes, and nothing else
const PARTS = /(\u001b\[[0-9;]*m)|([^\u001b]+)/g;

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Terminal columns that a text takes. Colours take none. */
export function widthOf(text: string): number {
  return stringWidth(text);
}

/** Cuts a text to a number of columns and marks the cut with an ellipsis. Colours stay whole. */
export function clip(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  let kept = '';
  let width = 1;
  let isFull = columns < 1;
  for (const [, colour, bare] of text.matchAll(PARTS)) {
    kept += colour ?? '';
    for (const { segment } of graphemes.segment(bare ?? '')) {
      width += widthOf(segment);
      if (isFull || width > columns) {
        if (!isFull) kept += '…';
        isFull = true;
        break;
      }
      kept += segment;
    }
  }
  return kept;
}

/** Fills a text up with blanks to a number of columns. */
export function pad(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - widthOf(text)));
}

/** `1 instance`, `2 instances`. */
export function count(n: number, what: string): string {
  return `${n} ${n === 1 ? what : `${what}s`}`;
}

/** `attach 2, skip 1`: leaves out what there is none of. */
export function countsText(counts: Readonly<Record<string, number>>): string {
  return joined(', ', ...Object.entries(counts).map(([what, n]) => (n > 0 ? `${what} ${n}` : '')));
}

/** Joins the parts that are there and not empty. */
export function joined(between: string, ...parts: readonly (string | null | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== null && part !== '').join(between);
}
