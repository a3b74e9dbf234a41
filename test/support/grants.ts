import { resolve } from 'node:path';
import { listed, readPolicies } from '../../tools/template/policies.ts';

const PAGE = resolve(import.meta.dirname, '../../docs/permissions.md');

/**
 * What docs/permissions.md grants to a role, each as `ots:GetRow instance/latchkey/table/plans`, sorted. The key
 * pairs are `keypair/*`: which they are is up to a policy. Where an instance is needed with a key pair, the
 * instance stands for both.
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
