import { countOutcomes, statusOf } from '../../domain/model/outcome.ts';
import type { Plan } from '../../domain/model/plan.ts';
import type { RolloutRequest } from '../../domain/model/request.ts';
import type { Rollout } from '../../domain/model/rollout.ts';
import type { AnswerOf } from './answer-of.ts';
import type { SelectorAnswer as SelectorSchema } from './answer-parts.ts';

type SelectorAnswer = AnswerOf<typeof SelectorSchema>;

/** What a rollout is, in an answer of its own and in a list. What is undefined is left out of the JSON. */
export function headOf(rollout: Rollout) {
  const { request, origin } = rollout;
  const { breakGlass, undoes } = request;
  return {
    rolloutId: rollout.rolloutId,
    status: statusOf(rollout),
    createdAtMs: rollout.createdAtMs,
    keyPair: rollout.keyPair,
    note: request.note,
    selector: selectorOf(request),
    breakGlass: breakGlass === null ? undefined : { reason: breakGlass, by: origin.client },
    undoes: undoes ?? undefined,
  };
}

/** What the instances were found by, if not by their ids. */
export function selectorOf({ selector }: RolloutRequest): SelectorAnswer | undefined {
  if (selector === null) return undefined;
  const { tags, ...others } = selector;
  const given = Object.entries(others).filter(([, value]) => value !== null);
  const byTags = Object.keys(tags).length === 0 ? {} : { tags };
  return { ...byTags, ...Object.fromEntries(given) };
}

/** How many of each outcome; the five sum to the total. */
export function countsIn({ instances }: Pick<Plan, 'instances'>) {
  const counts = countOutcomes(instances);
  return {
    totalCount: instances.length,
    attachedCount: counts.attached,
    failCount: counts.failed,
    skipCount: counts.skipped,
    unknownCount: counts.unknown,
    waitingCount: counts.waiting,
  };
}
