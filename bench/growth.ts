import { runRollout } from './growth/run-rollout.ts';
import { messagesOf } from './growth/messages.ts';
import type { Run } from './growth/one-rollout.ts';
import { type Spread, spreadOf } from './spread.ts';
import { sumOf } from './sum-of.ts';

export const FEW = 100;
/** The most instances that one rollout may have. */
export const MANY = 1_000;

/** The cost of one rollout, from the request until every instance is ready. */
export interface RolloutCost {
  readonly answerMs: Spread;
  readonly readyMs: Spread;
  readonly functionCpuMs: Spread;
  readonly invocations: Spread;
  readonly ecsCalls: Spread;
  readonly storeCalls: Spread;
  readonly queueCalls: Spread;
  readonly bytesWritten: Spread;
  readonly messages: number;
}

/** The cost per instance of the large rollout over that of the small one: 1 is linear, less is better. */
export interface Growth {
  readonly cpu: number;
  readonly calls: number;
  readonly messages: number;
  readonly bytes: number;
  /** The time until all are ready; it hardly depends on the number. */
  readonly ready: number;
}

export interface GrowthResult {
  readonly costs: Readonly<Record<string, RolloutCost>>;
  readonly growth: Growth;
  /** In the order of the measurements. */
  readonly runs: readonly Run[];
}

/** Runs rollouts of 100 and 1,000 instances in turn, each in a local cloud of its own, after a warm-up. */
export async function measureGrowth(rounds: number): Promise<GrowthResult> {
  const sizes = [FEW, MANY];
  const runs: Run[] = [];
  await runRollout(FEW);
  for (let round = 0; round < rounds; round += 1) {
    for (const size of sizes) runs.push(await runRollout(size));
  }
  const few = costOf(runs, FEW, await messagesOf(FEW));
  const many = costOf(runs, MANY, await messagesOf(MANY));
  return { costs: { [FEW]: few, [MANY]: many }, growth: growthOf(few, many), runs };
}

function costOf(all: readonly Run[], size: number, messages: number): RolloutCost {
  const runs = all.filter(({ instances }) => instances === size);
  const of = (pick: (run: Run) => number) => spreadOf(runs.map(pick));
  return {
    answerMs: of((run) => run.answerMs),
    readyMs: of((run) => run.readyMs),
    functionCpuMs: of((run) => run.functionCpuMs),
    invocations: of((run) => run.invocations),
    ecsCalls: of(({ ecsCalls }) => sumOf(ecsCalls)),
    storeCalls: of((run) => run.storeCalls),
    queueCalls: of((run) => run.queueCalls),
    bytesWritten: of((run) => run.bytesWritten),
    messages,
  };
}

function growthOf(few: RolloutCost, many: RolloutCost): Growth {
  const perInstance = (of: (cost: RolloutCost) => number) => of(many) / MANY / (of(few) / FEW);
  return {
    cpu: perInstance((cost) => cost.functionCpuMs.median),
    calls: perInstance(
      ({ ecsCalls, storeCalls, queueCalls }) =>
        ecsCalls.median + storeCalls.median + queueCalls.median,
    ),
    messages: perInstance((cost) => cost.messages),
    bytes: perInstance((cost) => cost.bytesWritten.median),
    ready: perInstance((cost) => cost.readyMs.median),
  };
}
