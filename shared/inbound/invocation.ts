import type { Invocation } from '../domain/rollouts/carry-out.ts';
import type { FcContext } from './fc.ts';

/** Kept back to save and to answer before the platform ends the function: our own choice. */
const ANSWER_MARGIN_MS = 2_000;

/** After its time limit an invocation may be taken for alive this much longer (design.md §3). */
const DEAD_AFTER_MS = 30_000;

/** @param startedMs when the invocation began, by our own clock */
export function invocationOf(context: FcContext, startedMs: number): Invocation {
  const endMs = startedMs + context.function.timeout * 1_000;
  return { deadlineMs: endMs - ANSWER_MARGIN_MS, ownerUntilMs: endMs + DEAD_AFTER_MS };
}
