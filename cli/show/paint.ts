import type { Io, Screen } from '../io.ts';

export type Colour = 'green' | 'red' | 'yellow' | 'cyan' | 'dim' | 'bold';

/** Colours a text, or leaves it as it is. Colour is never the only sign. */
export type Paint = (colour: Colour, text: string) => string;

/** https://en.wikipedia.org/wiki/ANSI_escape_code#SGR */
const CODES: Readonly<Record<Colour, [on: number, off: number]>> = {
  green: [32, 39],
  red: [31, 39],
  yellow: [33, 39],
  cyan: [36, 39],
  dim: [2, 22],
  bold: [1, 22],
};

export const noPaint: Paint = (_colour, text) => text;

/** In a terminal, unless `NO_COLOR` is set (https://no-color.org) or the terminal has none. */
export function paintFor(screen: Screen, { env }: Pick<Io, 'env'>): Paint {
  const isWanted = (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
  if (!screen.isTerminal || !isWanted) return noPaint;
  return (colour, text) => {
    const [on, off] = CODES[colour];
    return text === '' ? '' : `\u001b[${on}m${text}\u001b[${off}m`;
  };
}
