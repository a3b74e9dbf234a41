import { LatchkeyError } from '../model/errors.ts';
import type { Action, ClientRule } from '../model/policy.ts';

/**
 * @param who what the rule is of
 * @throws {LatchkeyError} `forbidden`, which says no more than who may not do what
 */
export function permit(
  { id, actions }: Pick<ClientRule, 'id' | 'actions'>,
  action: Action,
  who: 'client' | 'person' = 'client',
): void {
  if (actions.includes(action)) return;
  throw new LatchkeyError('forbidden', `Cannot ${action}: ${who} "${id}" may not`);
}
