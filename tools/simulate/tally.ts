import { type TroubleCounts, noTrouble } from './world/wire.ts';

/** What many seeds came to. Each kind of trouble is counted once a seed. */
export interface Tally extends TroubleCounts {
  seeds: number;
  readonly transitions: Record<string, number>;
  readonly faults: { readonly seed: number; readonly fault: string }[];
}

const KINDS = Object.keys(noTrouble()) as (keyof TroubleCounts)[];

export function emptyTally(): Tally {
  return { seeds: 0, ...noTrouble(), transitions: {}, faults: [] };
}

export function addTally(total: Tally, tally: Tally): void {
  total.seeds += tally.seeds;
  for (const kind of KINDS) total[kind] += tally[kind];
  addTransitions(total, Object.entries(tally.transitions));
  total.faults.push(...tally.faults);
}

/** Adds one seed, without its faults. */
export function addSeed(
  total: Tally,
  {
    troubles,
    transitions,
  }: { readonly troubles: TroubleCounts; readonly transitions: Iterable<[string, number]> },
): void {
  total.seeds += 1;
  for (const kind of KINDS) if (troubles[kind] > 0) total[kind] += 1;
  addTransitions(total, transitions);
}

function addTransitions(total: Tally, transitions: Iterable<[string, number]>): void {
  for (const [transition, count] of transitions) {
    total.transitions[transition] = (total.transitions[transition] ?? 0) + count;
  }
}
