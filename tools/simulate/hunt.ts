import { bundleSimulation } from './bundle.ts';
import { MUTANTS } from './mutants.ts';
import { runSeeds } from './run.ts';
import { runSeed } from './seed.ts';
import type { Tally } from './tally.ts';

/** How many seeds a mutant may survive at most. */
const MOST_SEEDS = 2_000;

interface Hunted {
  readonly kind: 'caught' | 'survived';
  readonly name: string;
  /** How many seeds were run. The last one is the one that caught it. */
  readonly seeds: number;
  readonly fault?: string;
}

/**
 * Builds in one mistake after the other, and runs seeds until one fails.
 *
 * @param names of the mutants to try; empty for all
 * @throws {RangeError} for a name that no mutant has
 */
export async function hunt(
  names: readonly string[],
  workers: number,
  onHunted: (found: Hunted) => void,
): Promise<Hunted[]> {
  const wanted = MUTANTS.filter(({ name }) => names.length === 0 || names.includes(name));
  const strange = names.find((name) => !MUTANTS.some((mutant) => mutant.name === name));
  if (strange !== undefined) throw new RangeError(`Cannot hunt "${strange}": no such mutant`);
  const hunted: Hunted[] = [];
  for (const mutant of wanted) {
    const code = await bundleSimulation(mutant);
    const first = await firstFault(code, workers);
    const { name } = mutant;
    const found: Hunted =
      first === undefined
        ? { kind: 'survived', name, seeds: MOST_SEEDS }
        : { kind: 'caught', name, seeds: first.seed, fault: first.fault };
    hunted.push(found);
    onHunted(found);
  }
  return hunted;
}

/** The first seed that fails with the mistake and passes without it. */
async function firstFault(code: string, workers: number): Promise<Tally['faults'][0] | undefined> {
  let from = 1;
  while (from <= MOST_SEEDS) {
    const seeds = MOST_SEEDS - from + 1;
    const { faults } = await runSeeds(code, { from, seeds, workers, untilFault: true });
    const [first] = faults;
    if (first === undefined) return undefined;
    if ((await runSeed(first.seed, false)).faults.length === 0) return first;
    from = first.seed + 1;
  }
  return undefined;
}
