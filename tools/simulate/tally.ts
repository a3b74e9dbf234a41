import type { SeedReport } from './seed.ts';
import { type TroubleCounts, noTrouble } from './world/wire.ts';

const KINDS = Object.keys(noTrouble()) as (keyof TroubleCounts)[];

/** What many seeds came to. Each kind of trouble is counted once a seed. */
export const emptyTally = () => ({
  seeds: 0,
  ...noTrouble(),
  transitions: {} as Record<string, number>,
  faults: [] as { readonly seed: number; readonly fault: string }[],
});
export type Tally = ReturnType<typeof emptyTally>;

export function addTally(total: Tally, tally: Tally): void {
  total.seeds += tally.seeds;
  for (const kind of KINDS) total[kind] += tally[kind];
  addTransitions(total, Object.entries(tally.transitions));
  total.faults.push(...tally.faults);
}

/** Adds one seed, without its faults. */
export function addSeed(total: Tally, { troubles, transitions }: SeedReport): void {
  total.seeds += 1;
  for (const kind of KINDS) if (troubles[kind] > 0) total[kind] += 1;
  addTransitions(total, transitions);
}

function addTransitions(total: Tally, transitions: Iterable<[string, number]>): void {
  for (const [transition, count] of transitions) {
    total.transitions[transition] = (total.transitions[transition] ?? 0) + count;
  }
}
