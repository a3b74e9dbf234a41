import type { RolloutEntry } from '../../domain/model/ports.ts';
import type { Rollout } from '../../domain/model/rollout.ts';
import { cursorOf } from '../requests/list-query.ts';
import type { AnswerOf } from './answer-of.ts';
import { countsIn, headOf } from './answer-head.ts';
import type { ListAnswer as Schema } from './rollout-schema.ts';

export type ListAnswer = AnswerOf<typeof Schema>;

/** @param last where the next page begins; undefined when this is the last page */
export function listAnswer(
  rollouts: readonly Rollout[],
  last: RolloutEntry | undefined,
): ListAnswer {
  return {
    rollouts: rollouts.map((rollout) => ({ ...headOf(rollout), ...countsIn(rollout) })),
    next: last === undefined ? null : cursorOf(last),
  };
}
