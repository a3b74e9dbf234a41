import type { Invocation } from '../domain/rollouts/carry-out.ts';
import type { FcContext } from './fc.ts';

/** Reserved to save and to answer before the platform ends the function: our own choice. */
const ANSWER_MARGIN_MS = 2_000;

/** How long an invocation still counts as running after its time limit: our own choice, for clocks that differ. */
const DEAD_AFTER_MS = 30_000;

/** The deadlines of an invocation. @param startedMs when it began, by our own clock */
export function invocationOf(context: FcContext, startedMs: number): Invocation {
  const endMs = startedMs + context.function.timeout * 1_000;
  return { deadlineMs: endMs - ANSWER_MARGIN_MS, ownerUntilMs: endMs + DEAD_AFTER_MS };
}
