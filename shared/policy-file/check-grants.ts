import type { ClientRule, Policy } from '../domain/model/policy.ts';
import { checkApproval } from './check-approval.ts';
import { type AddFault, below, revocationOf } from './faults.ts';
import type { Grants } from './grants.ts';

/** Without one of these fields, every request would be refused. */
const NEEDED_TO_ASK = ['keyPairs', 'maxInstances', 'restart', 'attach'] as const;

/** Checks what one client or person is permitted, for grants that can never be used. */
export function checkGrants(
  entry: Grants,
  rule: ClientRule,
  policy: Policy,
  addFault: AddFault,
): void {
  const mayAsk = rule.actions.includes('ask') || rule.actions.includes('undo');
  const asker = rule.id === rule.person ? 'person' : 'client';
  if (mayAsk) {
    for (const field of NEEDED_TO_ASK) {
      if (entry[field] !== undefined) continue;
      const why = `a ${asker} that may ask or undo needs it, since nothing is permitted by default`;
      addFault([field], `Cannot be left out: ${why}`);
    }
  } else if (entry.breakGlass) {
    addFault(['breakGlass'], `Cannot take true: the ${asker} may neither ask nor undo`);
  }
  for (const [nth, keyPair] of rule.keyPairs.entries()) {
    const why = revocationOf(keyPair, policy.revokedKeyPairs);
    if (why !== null) addFault(['keyPairs', nth], `Cannot take "${keyPair.name}": ${why}`);
  }
  const { attach } = policy.optOut;
  if (Object.hasOwn(rule.tags, attach)) {
    const why = 'instances with this tag get no key pair';
    addFault(['instances', 'tags', attach], `Cannot be required: ${why}`);
  }
  if (rule.approval === null) return;
  const isHighRiskSet = entry.approval?.highRisk !== undefined;
  checkApproval(
    { approval: rule.approval, rule, asker, mayAsk, isHighRiskSet },
    policy,
    below(addFault, 'approval'),
  );
}
