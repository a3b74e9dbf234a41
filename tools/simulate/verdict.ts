import { TRANSITIONS } from './transitions.ts';
import type { Tally } from './tally.ts';

/** The share of seeds that must have had a crash, and the share that must have lost an answer. */
const MUST_BITE = 0.3;

/** How often each transition must have been taken in this many seeds. */
const MUST_BE_TAKEN = { times: 100, seeds: 20_000 };

/** Shorter runs vary more, so they need only this part of their share: our own choice. */
const LENIENCE = 0.4;

/** Shorter runs are not judged: our own choice. */
const LEAST_SEEDS = 500;

/** Why a run without failures proves nothing; empty when it proves something. */
export function whyItProvesNothing(tally: Tally): string[] {
  const { seeds, crashed, lost, transitions } = tally;
  const complaints: string[] = [];
  for (const transition of Object.keys(transitions)) {
    if (!TRANSITIONS.includes(transition))
      complaints.push(`"${transition}" is missing in transitions.ts`);
  }
  if (seeds < LEAST_SEEDS) return complaints;
  if (crashed < MUST_BITE * seeds) complaints.push(`only ${crashed} of ${seeds} seeds had a crash`);
  if (lost < MUST_BITE * seeds) complaints.push(`only ${lost} of ${seeds} seeds lost an answer`);
  const { times: enough, seeds: most } = MUST_BE_TAKEN;
  const least = seeds >= most ? enough : Math.floor((LENIENCE * enough * seeds) / most);
  for (const transition of TRANSITIONS) {
    const times = transitions[transition] ?? 0;
    if (times < least)
      complaints.push(`"${transition}" was taken ${times} times, not at least ${least}`);
  }
  return complaints;
}
