import type { Screen } from '../io.ts';
import { widthOf } from '../show/text.ts';

/**
 * https://en.wikipedia.org/wiki/ANSI_escape_code#CSIsection, and synchronized output
 * (https://gist.github.com/christianparpart/d8a62cc1ab659194337d73e399004036), which draws a whole frame at
 * once, without flicker. Terminals that do not know it ignore it.
 */
const BEGIN = '\u001b[?2026h';
const END = '\u001b[?2026l';
const CLEAR_LINE_END = '\u001b[K';
const CLEAR_BELOW = '\u001b[J';

/** Redraws the last lines of a terminal. Each call replaces the lines of the call before. */
export function liveArea(screen: Screen): (lines: readonly string[]) => void {
  let drawn: readonly string[] = [];
  return (lines) => {
    // A terminal that became narrower has wrapped the lines of the last frame.
    const height = drawn.reduce(
      (sum, line) => sum + Math.max(1, Math.ceil(widthOf(line) / Math.max(1, screen.columns))),
      0,
    );
    const up = height === 0 ? '' : `\u001b[${height}A\r`;
    const text = lines.map((line) => `${line}${CLEAR_LINE_END}\n`).join('');
    screen.write(`${BEGIN}${up}${text}${CLEAR_BELOW}${END}`);
    drawn = lines;
  };
}
