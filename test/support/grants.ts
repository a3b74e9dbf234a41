import { resolve } from 'node:path';
import { listed, readPolicies } from '../../tools/template/policies.ts';

const PAGE = resolve(import.meta.dirname, '../../docs/permissions.md');

/**
 * What docs/permissions.md grants to a role: sorted texts such as `ots:GetRow instance/latchkey/table/plans`. Key
 * pairs are written `keypair/*`, because their names depend on the policy. Where an action needs both an instance
 * and a key pair, only the instance is listed.
 */
export function grantsOf(role: string): string[] {
  const statements = readPolicies(PAGE).find((one) => one.role === role)?.statements ?? [];
  const grants = statements.flatMap(({ Action, Resource }) =>
    listed(Action).flatMap((action) => {
      const resources = listed(Resource).map(shortened);
      const some = resources.includes('instance/*') ? ['instance/*'] : resources;
      return some.map((resource) => `${action} ${resource}`);
    }),
  );
  return [...new Set(grants)].toSorted();
}

function shortened(resource: string): string {
  return resource
    .split(':')
    .slice(4)
    .join(':')
    .replace(/^keypair\/.*/, 'keypair/*');
}
