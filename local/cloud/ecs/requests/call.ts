import type { Spoil } from '../../kernel/faults.ts';
import type { Action, Answer } from '../action.ts';
import type { Caller } from './caller.ts';
import type { EcsCloud } from '../cloud.ts';
import { EcsError } from '../errors.ts';
import { CALL_PARAMETERS } from './rpc-request.ts';
import { trailCall } from '../events/trail.ts';

/**
 * Carries out one call of an authenticated caller. ActionTrail records it, failed or not.
 *
 * @throws {EcsError} when it is refused
 */
export function call(
  cloud: EcsCloud,
  action: Action,
  parameters: ReadonlyMap<string, string>,
  context: { readonly requestId: string; readonly caller: Caller; readonly spoil: Spoil },
): Answer {
  const given = new Map([...parameters].filter(([name]) => !CALL_PARAMETERS.has(name)));
  const scalars = new Map<string, string | number | boolean>();
  const trail = (result: { answer: Answer } | { error: EcsError['vendor'] }) => {
    if (action.access !== 'Write') return;
    const { requestId, caller } = context;
    trailCall(cloud.kernel, { actionName: action.name, requestId, caller, given, scalars, result });
  };
  try {
    const answer = action.perform(cloud, given, context.spoil, scalars);
    trail({ answer });
    return answer;
  } catch (error) {
    if (error instanceof EcsError) trail({ error: error.vendor });
    throw error;
  }
}
