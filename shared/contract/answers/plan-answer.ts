import { optedOutOf } from '../../domain/policy/opt-out.ts';
import { warningsOf } from '../../domain/plan/warnings.ts';
import type { Answer } from '../../domain/rollouts/ask-ports.ts';
import type { AnswerOf } from './answer-of.ts';
import { countsIn, selectorOf } from './answer-head.ts';
import { instanceAnswer } from './instance-answer.ts';
import type { PlanAnswer as Schema } from './plan-schema.ts';
import { paceOfPlan } from './progress.ts';

export type PlanAnswer = AnswerOf<typeof Schema>;

/** What would happen: the answer to a dry run. */
export function planAnswer({ plan, request, approval }: Answer & { kind: 'dry-run' }): PlanAnswer {
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
