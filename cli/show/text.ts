/**
 * What comes from elsewhere is shown, never obeyed: characters that a terminal takes for a command, and
 * those that turn the reading direction, become a replacement character. Line feeds among them.
 */
export function plain(text: string): string {
  return text.replaceAll(
    /[\p{Cc}\p{Cs}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu,
    '\ufffd',
  );
}

// oxlint-disable no-control-regex -- what `paint.ts` makes, and nothing else
const COLOUR = /\u001b\[[0-9;]*m/g;
const PARTS = /(\u001b\[[0-9;]*m)|([^\u001b]+)/g;
// oxlint-enable no-control-regex

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/**
 * Two columns each: what East Asian Width calls wide or full-width, by blocks
 * (https://www.unicode.org/reports/tr11/), and emoji.
 */
const WIDE =
  /^(?:[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation})/u;

function widthOfOne(grapheme: string): number {
  if (/^[\p{Mn}\p{Me}\u200b-\u200d\ufeff]+$/u.test(grapheme)) return 0;
  return WIDE.test(grapheme) ? 2 : 1;
}

/** Columns of a terminal that a text takes; colours take none. */
export function widthOf(text: string): number {
  const bare = text.replaceAll(COLOUR, '');
  if (/^[\x20-\x7e]*$/.test(bare)) return bare.length;
  let width = 0;
  for (const { segment } of graphemes.segment(bare)) width += widthOfOne(segment);
  return width;
}

/** Cut to so many columns, with an ellipsis where something is left out; colours stay whole. */
export function clip(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  let kept = '';
  let width = 1;
  let isFull = columns < 1;
  for (const [, colour, bare] of text.matchAll(PARTS)) {
    kept += colour ?? '';
    for (const { segment } of graphemes.segment(bare ?? '')) {
      width += widthOfOne(segment);
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

/** Filled up with blanks to so many columns. */
export function pad(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - widthOf(text)));
}

/** `1 instance`, `2 instances`. */
export function count(n: number, what: string): string {
  return `${n} ${n === 1 ? what : `${what}s`}`;
}
