import type { InstanceState } from '../../shared/domain/workflow/instance-state.ts';
import type { Paint } from './paint.ts';
import { STATE_COLOURS } from './state-colours.ts';

/** A sign for each state, so that colour is never the only difference. */
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
 * Draws a bar in which each state gets its share of the columns. A state with any instance gets at least one
 * column, as far as there are columns, so that one failure among a thousand can be seen.
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
  // The largest share takes the rounding error.
  for (const share of shares.toSorted((a, b) => b.n - a.n)) {
    const change = Math.max(left, 1 - share.columns);
    share.columns += change;
    left -= change;
    if (left === 0) break;
  }
  return shares
    .map(({ state, columns: width }) => paint(STATE_COLOURS[state], SIGNS[state].repeat(width)))
    .join('');
}
