import { LatchkeyError } from '../model/errors.ts';
import type { Action, ClientRule } from '../model/policy.ts';

/**
 * @param who whose rule it is
 * @throws {LatchkeyError} `forbidden` when the rule does not permit the action
 */
export function permit(
  { id, actions }: Pick<ClientRule, 'id' | 'actions'>,
  action: Action,
  who: 'client' | 'person' = 'client',
): void {
  if (actions.includes(action)) return;
  throw new LatchkeyError('forbidden', `Cannot ${action}: ${who} "${id}" may not do this`);
}
