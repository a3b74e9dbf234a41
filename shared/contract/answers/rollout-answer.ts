import type { Rollout } from '../../domain/model/rollout.ts';
import { warningsOf } from '../../domain/plan/warnings.ts';
import { optedOutOf } from '../../domain/policy/opt-out.ts';
import type { AnswerOf } from './answer-of.ts';
import { countsIn, headOf } from './answer-head.ts';
import { instanceAnswer } from './instance-answer.ts';
import { nextCallsOf } from './next-calls.ts';
import { progressOf } from './progress.ts';
import type { RolloutAnswer as Schema } from './rollout-schema.ts';

export type RolloutAnswer = AnswerOf<typeof Schema>;

/** Times are milliseconds since the epoch. */
export function rolloutAnswer(
  rollout: Rollout,
  options: { readonly nowMs: number; readonly hasGate: boolean },
): RolloutAnswer {
  const { control, approval } = rollout;
  return {
    ...headOf(rollout),
    planDigest: rollout.planDigest,
    updatedAtMs: rollout.updatedAtMs,
    control,
    approval,
    ...progressOf(rollout, options.nowMs),
    healthGate: options.hasGate
      ? 'asked before and after each wave'
      : 'none: the bake time stands alone',
    nextCalls: nextCallsOf(rollout),
    warnings: warningsOf(rollout, rollout.request),
    optedOut: optedOutOf(rollout.instances),
    ...countsIn(rollout),
    results: rollout.instances.map(instanceAnswer),
    history: rollout.history.map(({ seq: _seq, ...entry }) => entry),
  };
}
