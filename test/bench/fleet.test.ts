import { describe, test } from 'vitest';
import {
  answerChain,
  idealAnswerMs,
  idealReadyMs,
  minimalCalls,
  wavesOf,
} from '../../bench/fleet/ideal.ts';
import { fleetOf } from '../../bench/fleet/fleets.ts';
import { cliLoop } from '../../bench/peers/cli-loop.ts';
import { oos } from '../../bench/peers/oos.ts';
import { perform } from '../../bench/peers/stage.ts';
import { terraform } from '../../bench/peers/terraform.ts';

const LIMITS = {
  attachIds: 50,
  restartIds: 100,
  describeIds: 100,
  readRows: 100,
  writeRows: 200,
  queueMessages: 16,
  ecsInFlight: 5,
  storeInFlight: 5,
  queueInFlight: 8,
};
const TIMES = { latencyMs: 100, bootMs: 2_500, firstLookMs: 5_000, readyGapMs: 10_000 };

describe('the ideal', () => {
  test('is one step after the other, each as many rounds as its calls need', ({ expect }) => {
    const rounds = answerChain(1_000, LIMITS).map((link) => link.rounds);
    expect(rounds).toEqual([1, 1, 2, 1, 1, 1, 1, 1, 4, 1, 8, 1, 1]);
    expect(idealAnswerMs(1_000, LIMITS, TIMES)).toBe(2_400);
    expect(idealAnswerMs(1, LIMITS, TIMES)).toBe(1_300);
  });

  test('waits for the longer of boot and first look, and then for the gap, in each wave', ({
    expect,
  }) => {
    expect(idealReadyMs(1, [1], LIMITS, TIMES)).toBe(1_300 + 15_200);
    const slow = { ...TIMES, bootMs: 30_000 };
    expect(idealReadyMs(3, [1, 2], LIMITS, slow)).toBe(1_300 + 2 * 40_200);
  });

  test('has a canary, then waves that are full', ({ expect }) => {
    expect(wavesOf(1, 5)).toEqual([1]);
    expect(wavesOf(1_000, 500)).toEqual([1, 500, 499]);
  });

  test('calls as design says', ({ expect }) => {
    expect(minimalCalls(1_000, [1, 500, 499], LIMITS)).toEqual({
      DescribeKeyPairs: 1,
      DescribeInstances: 10 + 2 + 10 + 10,
      AttachKeyPair: 20,
      RebootInstances: 1 + 5 + 5,
    });
  });
});

test('every fiftieth instance of a mixed fleet is Windows, and one is Stopped', ({ expect }) => {
  const { instances = [] } = fleetOf('mixed', 120);
  const count = (matches: (one: (typeof instances)[number]) => boolean) =>
    instances.filter(matches).reduce((sum, { count: many = 1 }) => sum + many, 0);
  expect(count(() => true)).toBe(120);
  expect(count(({ osType }) => osType === 'windows')).toBe(2);
  expect(count(({ status }) => status === 'Stopped')).toBe(2);
});

describe('the tools of today', () => {
  test('Terraform powers one off after the other, and waits for none of them', async ({
    expect,
  }) => {
    const run = await perform(terraform, 'healthy', 50);
    expect(run).toMatchObject({ said: '', forced: 50, leftOut: 0 });
    // As many as are powered off in the time that one takes to boot.
    expect(run.mostDown).toBe(25);
    expect(run.calls).toEqual({
      DescribeInstances: 51,
      AttachKeyPair: 1,
      RebootInstance: 50,
      DescribeKeyPairs: 1,
    });
    // Ten seconds for one after the other.
    expect(run.tookMs).toBeGreaterThan(500_000);
  });

  test('Terraform restarts what could not be bound, and leaves the rest when one is Stopped', async ({
    expect,
  }) => {
    const run = await perform(terraform, 'mixed', 50);
    expect(run.said).toContain('status');
    expect(run).toMatchObject({ restartedInVain: 1, leftOut: 12 });
  });

  test('OOS has ten down at most, makes three calls or more for each, and stops at the first error', async ({
    expect,
  }) => {
    const run = await perform(oos, 'healthy', 50);
    expect(run).toMatchObject({ said: '', mostDown: 10, forced: 0, leftOut: 0 });
    expect(run.calls).toMatchObject({ AttachKeyPair: 50, RebootInstance: 50 });
    const mixed = await perform(oos, 'mixed', 50);
    expect(mixed.said).not.toBe('');
    expect(mixed.leftOut).toBeGreaterThan(0);
  });

  test('a shell loop has one down at a time, and says nothing of what failed before the last', async ({
    expect,
  }) => {
    const run = await perform(cliLoop, 'mixed', 50);
    expect(run).toMatchObject({ said: '', mostDown: 1, restartedInVain: 1, leftOut: 0 });
  });
});
