import { styleText } from 'node:util';
import type { Io, Screen } from '../io.ts';

export type Colour = 'green' | 'red' | 'yellow' | 'cyan' | 'dim' | 'bold';

/** Colours a text, or returns it unchanged. Colour never carries meaning alone. */
export type Paint = (colour: Colour | undefined, text: string) => string;

export const noPaint: Paint = (_colour, text) => text;

/** Colours in a terminal, unless `NO_COLOR` is set (https://no-color.org) or the terminal is dumb. */
export function paintFor(screen: Screen, { env }: Pick<Io, 'env'>): Paint {
  const isAllowed = (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
  if (!screen.isTerminal || !isAllowed) return noPaint;
  return (colour, text) =>
    colour === undefined || text === ''
      ? text
      : // The screen is judged above: the library would judge standard output.
        styleText(colour, text, { validateStream: false });
}
