import type { Rollout } from '../../domain/model/rollout.ts';
import { type NextStep, nextStepsOf } from '../../domain/workflow/next-steps.ts';

/** A request that would be accepted now. */
export interface NextCall {
  /** What it is good for. */
  readonly to: string;
  readonly method: 'POST';
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** What a person can do, where a person has to do something. */
export function nextCallsOf(rollout: Rollout): NextCall[] {
  return nextStepsOf(rollout).map((step) => callOf(rollout.rolloutId, step));
}

/**
 * What is to be signed and sent for a step, as docs/http.md has it.
 *
 * @param most characters: where the body makes it longer, the text says where to find the body
 */
export function signedText(rolloutId: string, step: NextStep, most: number): string {
  const { method, path, body } = callOf(rolloutId, step);
  const text = `${method} ${path}\n${JSON.stringify(body)}`;
  if (text.length <= most) return text;
  return `${method} ${path} (its body: nextCalls of GET /rollouts/${rolloutId})`;
}

function callOf(rolloutId: string, { to, wish }: NextStep): NextCall {
  const { kind: action, ...fields } = wish;
  if (action === 'go') return { to, method: 'POST', path: '/go', body: { action } };
  const path = `/rollouts/${rolloutId}/${action}`;
  return { to, method: 'POST', path, body: { rolloutId, action, ...fields } };
}
