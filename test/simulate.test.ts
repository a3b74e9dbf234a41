import { test } from 'vitest';
import { bundleSimulation, mutate } from '../tools/simulate/bundle.ts';
import { MUTANTS } from '../tools/simulate/mutants.ts';
import { runSeeds } from '../tools/simulate/run.ts';
import { runSeed } from '../tools/simulate/seed.ts';
import { whyItProvesNothing } from '../tools/simulate/verdict.ts';
import { readFileSync } from 'node:fs';

test('a thousand seeds of trouble break no promise, and are trouble indeed', async ({ expect }) => {
  const tally = await runSeeds(await bundleSimulation(), { from: 1, seeds: 1_000, workers: 2 });

  expect(tally.faults).toEqual([]);
  expect(tally.seeds).toBe(1_000);
  expect(whyItProvesNothing(tally)).toEqual([]);
}, 150_000);

test('a seed is the same story every time', async ({ expect }) => {
  const first = await runSeed(7, true);
  const again = await runSeed(7, true);

  expect(again.story).toEqual(first.story);
  expect(first.story.length).toBeGreaterThan(20);
});

test('every mutant fits the code of today', ({ expect }) => {
  expect(MUTANTS.length).toBeGreaterThanOrEqual(15);
  expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length);
  for (const mutant of MUTANTS) {
    const source = readFileSync(mutant.file, 'utf8');
    expect(mutate(source, mutant), mutant.name).not.toBe(source);
  }
});

test('a mistake in the code is caught', async ({ expect }) => {
  const mutant = MUTANTS.find(({ name }) => name === 'claim saved first')!;
  const options = { from: 1, seeds: 50, workers: 1, untilFault: true };
  const { faults } = await runSeeds(await bundleSimulation(mutant), options);

  expect(faults[0]?.fault).toContain('is called without a claim that was saved for it');
});

test('a run in which nothing went wrong proves nothing', ({ expect }) => {
  const calm = {
    seeds: 1_000,
    crashed: 10,
    lost: 10,
    throttled: 0,
    conflicts: 0,
    doubles: 0,
    transitions: { 'control: going → gone': 1 },
    faults: [],
  };

  expect(whyItProvesNothing(calm)).toEqual(
    expect.arrayContaining([
      '"control: going → gone" is missing in transitions.ts',
      'only 10 of 1000 seeds had a crash',
      'only 10 of 1000 seeds lost an answer',
      '"restart: claimed → unknown" was taken 0 times, not at least 2',
    ]),
  );
});
