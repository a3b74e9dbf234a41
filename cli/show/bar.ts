import type { InstanceState } from '../../shared/domain/workflow/instance-state.ts';
import type { Paint } from './paint.ts';
import { STATE_COLOURS } from './state-colours.ts';

/** Another sign for each state, so that colour is never the only one. */
const SIGNS: Readonly<Record<InstanceState, string>> = {
  ready: '█',
  attached: '█',
  restarting: '▒',
  'to restart': '·',
  waiting: '·',
  failed: '✗',
  unknown: '?',
  'not restarted': '-',
  skipped: '-',
};

/**
 * A bar of so many columns, each state with its share. A state that anybody is in has one column at least,
 * as far as there are columns: one that failed among a thousand is what matters.
 */
export function bar(
  counts: readonly (readonly [state: InstanceState, n: number])[],
  columns: number,
  paint: Paint,
): string {
  const total = counts.reduce((sum, [, n]) => sum + n, 0);
  if (total === 0) return '·'.repeat(columns);
  const shares = counts.map(([state, n]) => ({
    state,
    columns: Math.max(1, Math.floor((n * columns) / total)),
    n,
  }));
  let left = columns - shares.reduce((sum, share) => sum + share.columns, 0);
  // What rounding left over, or took too much, is the biggest one's.
  for (const share of shares.toSorted((a, b) => b.n - a.n)) {
    const change = Math.max(left, 1 - share.columns);
    share.columns += change;
    left -= change;
    if (left === 0) break;
  }
  return shares
    .map((share) => {
      const text = SIGNS[share.state].repeat(share.columns);
      const colour = STATE_COLOURS[share.state];
      return colour === undefined ? text : paint(colour, text);
    })
    .join('');
}
