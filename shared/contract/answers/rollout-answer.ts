import type { RolloutEntry } from '../../domain/model/ports.ts';
import type { Rollout } from '../../domain/model/rollout.ts';
import { warningsOf } from '../../domain/plan/warnings.ts';
import { optedOutOf } from '../../domain/policy/opt-out.ts';
import type { Answer } from '../../domain/rollouts/ask-ports.ts';
import { cursorOf } from '../requests/list-query.ts';
import { countsIn, headOf, selectorOf } from './answer-head.ts';
import type { AnswerOf } from './answer-of.ts';
import { instanceAnswer } from './instance-answer.ts';
import { nextCallsOf } from './next-calls.ts';
import type { PlanAnswer } from './plan-schema.ts';
import { paceOfPlan, progressOf } from './progress.ts';
import type { ListAnswer, RolloutAnswer } from './rollout-schema.ts';

/** What would happen: the answer to a dry run. */
export function planAnswer({
  plan,
  request,
  approval,
}: Answer & { kind: 'dry-run' }): AnswerOf<typeof PlanAnswer> {
  return {
    status: 'dry-run',
    planDigest: plan.digest,
    keyPair: plan.keyPair,
    selector: selectorOf(request),
    approval,
    ...paceOfPlan(plan, request),
    warnings: warningsOf(plan, request),
    optedOut: optedOutOf(plan.instances),
    ...countsIn(plan),
    results: plan.instances.map(instanceAnswer),
  };
}

/** Times are milliseconds since the epoch. */
export function rolloutAnswer(
  rollout: Rollout,
  options: { readonly nowMs: number; readonly hasGate: boolean },
): AnswerOf<typeof RolloutAnswer> {
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

/** One page. @param last where the next page begins; undefined when this is the last page */
export function listAnswer(
  rollouts: readonly Rollout[],
  last: RolloutEntry | undefined,
): AnswerOf<typeof ListAnswer> {
  return {
    rollouts: rollouts.map((rollout) => ({ ...headOf(rollout), ...countsIn(rollout) })),
    next: last === undefined ? null : cursorOf(last),
  };
}
