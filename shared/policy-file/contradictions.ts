import type { FieldFault } from '../domain/model/errors.ts';
import type { Policy } from '../domain/model/policy.ts';
import { chatContradictions } from './chat-contradictions.ts';
import { clientContradictions } from './client-contradictions.ts';
import { peopleContradictions } from './people-contradictions.ts';
import type { PolicyEntry } from './policy-file.ts';
import { type Refuse, repeated } from './refuse.ts';
import { ruleContradictions } from './rule-contradictions.ts';
import { secretContradictions } from './secret-contradictions.ts';

/**
 * Where the parts of a policy do not go together: what can never take effect, what is said twice, and
 * what one part gives and another takes away.
 */
export function contradictionsIn(entry: PolicyEntry, policy: Policy): FieldFault[] {
  const faults: FieldFault[] = [];
  const refuse: Refuse = (path, detail) => faults.push({ path, detail });
  const read = { entry, policy };
  clientContradictions(read, refuse);
  peopleContradictions(read, refuse);
  secretContradictions(policy, refuse);
  chatContradictions(policy, refuse);
  ruleContradictions(read, refuse);
  restContradictions(policy, refuse);
  return faults;
}

function restContradictions({ revokedKeyPairs, optOut, notify }: Policy, refuse: Refuse): void {
  repeated(
    notify.map(({ id }) => id),
    (index, id) => {
      refuse(['notify', index, 'id'], `Cannot take "${id}": must be the id of one channel only`);
    },
  );
  for (const [index, { name, fingerprint }] of revokedKeyPairs.entries()) {
    const other = revokedKeyPairs.findIndex(
      (one, at) =>
        one.name === name &&
        (one.fingerprint === fingerprint ? at < index : one.fingerprint === null),
    );
    if (other === -1) continue;
    refuse(
      ['revokedKeyPairs', index],
      `Cannot take "${name}": /revokedKeyPairs/${other} covers it`,
    );
  }
  if (optOut.restart === optOut.attach) {
    const detail = `Cannot take "${optOut.attach}": the tag against restarts is the same`;
    refuse(['optOut', 'attach'], detail);
  }
}
