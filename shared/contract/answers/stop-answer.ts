import type { StopState } from '../../domain/model/ports.ts';
import type { AnswerOf } from './answer-of.ts';
import type { StopAnswer as Schema } from './stop-schema.ts';

export type StopAnswer = AnswerOf<typeof Schema>;

/** What holds every rollout now. */
export function stopAnswer({ stop, openRollouts }: StopState): StopAnswer {
  return { stop, openRollouts };
}
