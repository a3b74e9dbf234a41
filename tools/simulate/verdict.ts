import { TRANSITIONS } from './transitions.ts';
import type { Tally } from './tally.ts';

/** Least part of the seeds that a crash, or a lost answer, must have hit. */
const MUST_BITE = 0.3;

/** So often must each transition be taken in so many seeds; fewer seeds scatter more. */
const MUST_BE_TAKEN = { times: 100, seeds: 20_000 };

/** In fewer seeds, what scatters is given this much room: our own choice. */
const LENIENCE = 0.4;

/** Below this nothing can be said: our own choice. */
const LEAST_SEEDS = 500;

/** Why the run proves nothing although no seed failed; empty when it does. */
export function whyItDidNotBite(tally: Tally): string[] {
  const { seeds, crashed, lost, transitions } = tally;
  const complaints: string[] = [];
  for (const transition of Object.keys(transitions)) {
    if (!TRANSITIONS.includes(transition)) complaints.push(`"${transition}" is in no list`);
  }
  if (seeds < LEAST_SEEDS) return complaints;
  if (crashed < MUST_BITE * seeds) complaints.push(`only ${crashed} of ${seeds} seeds had a crash`);
  if (lost < MUST_BITE * seeds) complaints.push(`only ${lost} of ${seeds} seeds lost an answer`);
  const least = leastTaken(seeds);
  for (const transition of TRANSITIONS) {
    const times = transitions[transition] ?? 0;
    if (times < least) complaints.push(`"${transition}" was taken ${times} times, not ${least}`);
  }
  return complaints;
}

function leastTaken(seeds: number): number {
  if (seeds >= MUST_BE_TAKEN.seeds) return MUST_BE_TAKEN.times;
  return Math.floor((LENIENCE * MUST_BE_TAKEN.times * seeds) / MUST_BE_TAKEN.seeds);
}
