import type { FieldFault } from '../domain/model/errors.ts';
import type { Policy } from '../domain/model/policy.ts';
import { checkAskers } from './check-askers.ts';
import { checkChat } from './check-chat.ts';
import { checkLaunchRules } from './check-launch-rules.ts';
import { checkSecretNames } from './check-secret-names.ts';
import { type AddFault, below, checkUniqueIds, type ParsedPolicy } from './faults.ts';

/**
 * Finds parts of a policy that contradict each other: a part that can never take effect, a duplicate, or a
 * permission that another part takes away.
 */
export function checkPolicy(parsed: ParsedPolicy): FieldFault[] {
  const faults: FieldFault[] = [];
  const addFault: AddFault = (path, detail) => faults.push({ path, detail });
  const { policy } = parsed;
  checkAskers(parsed, addFault);
  checkSecretNames(policy, addFault);
  checkChat(policy, addFault);
  checkLaunchRules(parsed, addFault);
  checkUniqueIds(policy.notify, 'channel', below(addFault, 'notify'));
  checkRevocations(policy, addFault);
  const { restart, attach } = policy.optOut;
  if (restart === attach) {
    addFault(['optOut', 'attach'], `Cannot take "${attach}": /optOut/restart is the same tag`);
  }
  return faults;
}

function checkRevocations({ revokedKeyPairs }: Policy, addFault: AddFault): void {
  for (const [index, { name, fingerprint }] of revokedKeyPairs.entries()) {
    const other = revokedKeyPairs.findIndex(
      (one, at) =>
        one.name === name &&
        (one.fingerprint === fingerprint ? at < index : one.fingerprint === null),
    );
    if (other === -1) continue;
    const why = `/revokedKeyPairs/${other} revokes it already`;
    addFault(['revokedKeyPairs', index], `Cannot take "${name}": ${why}`);
  }
}
