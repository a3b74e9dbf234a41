import { countOutcomes, statusOf } from '../../domain/model/outcome.ts';
import type { Plan } from '../../domain/model/plan.ts';
import type { Origin, RolloutRequest } from '../../domain/model/request.ts';
import type { Rollout } from '../../domain/model/rollout.ts';
import type { AnswerOf } from './answer-of.ts';
import type { SelectorAnswer as SelectorSchema } from './answer-parts.ts';

type SelectorAnswer = AnswerOf<typeof SelectorSchema>;

/** What a rollout is, in an answer of its own and in a list. */
export function headOf(rollout: Rollout) {
  const { request, origin } = rollout;
  return {
    rolloutId: rollout.rolloutId,
    status: statusOf(rollout),
    createdAtMs: rollout.createdAtMs,
    keyPair: rollout.keyPair,
    note: request.note,
    ...selectorIn(request),
    ...breakGlassIn(request, origin),
    ...(request.undoes === null ? {} : { undoes: request.undoes }),
  };
}

/** What the instances were found by, if not by their ids. */
export function selectorIn({ selector }: RolloutRequest): { selector?: SelectorAnswer } {
  if (selector === null) return {};
  const { tags, ...others } = selector;
  const given = Object.entries(others).filter(([, value]) => value !== null);
  const byTags = Object.keys(tags).length === 0 ? {} : { tags };
  return { selector: { ...byTags, ...Object.fromEntries(given) } };
}

/** Said wherever the rollout is shown, for good. */
function breakGlassIn({ breakGlass }: RolloutRequest, { client }: Origin) {
  return breakGlass === null ? {} : { breakGlass: { reason: breakGlass, by: client } };
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
