import type { Screen } from '../io.ts';
import { widthOf } from '../show/text.ts';

/** Lines at the end of a terminal that are drawn over and over. */
export interface LiveArea {
  draw(lines: readonly string[]): void;
}

/**
 * https://en.wikipedia.org/wiki/ANSI_escape_code#CSIsection, and synchronized output
 * (https://gist.github.com/christianparpart/d8a62cc1ab659194337d73e399004036), which other terminals pass
 * over: a frame comes as one, so nothing flickers.
 */
const BEGIN = '\u001b[?2026h';
const END = '\u001b[?2026l';
const CLEAR_LINE_END = '\u001b[K';
const CLEAR_BELOW = '\u001b[J';

export function liveArea(screen: Screen): LiveArea {
  let drawn: readonly string[] = [];
  return {
    draw(lines) {
      // A terminal that became narrower has broken the lines that are there.
      const height = drawn.reduce(
        (sum, line) => sum + Math.max(1, Math.ceil(widthOf(line) / Math.max(1, screen.columns))),
        0,
      );
      const up = height === 0 ? '' : `\u001b[${height}A\r`;
      const text = lines.map((line) => `${line}${CLEAR_LINE_END}\n`).join('');
      screen.write(`${BEGIN}${up}${text}${CLEAR_BELOW}${END}`);
      drawn = lines;
    },
  };
}
