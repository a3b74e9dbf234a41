import { readFileSync } from 'node:fs';

export interface Statement {
  readonly Effect: 'Allow';
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
}

export interface RolePolicy {
  readonly role: string;
  readonly statements: readonly Statement[];
}

/** The key pair in docs/permissions.md that represents those of a policy. */
const KEY_PAIR = 'ops-2026';

/** The same policies, with a line for each of `keyPairNames` in place of the page's example. */
export function forKeyPairs(
  policies: readonly RolePolicy[],
  keyPairNames: readonly string[],
): RolePolicy[] {
  const named = (resource: string) =>
    resource.endsWith(`:keypair/${KEY_PAIR}`)
      ? keyPairNames.map((name) => `${resource.slice(0, -KEY_PAIR.length)}${name}`)
      : [resource];
  return policies.map(({ role, statements }) => ({
    role,
    statements: statements.map((one) => ({
      ...one,
      Resource: listed(one.Resource).flatMap(named),
    })),
  }));
}

export function listed(value: string | readonly string[]): readonly string[] {
  return typeof value === 'string' ? [value] : value;
}

/**
 * Reads what each role may do from docs/permissions.md, where each role's heading is followed by JSON.
 * test/deploy/permissions.test.ts compares it with the calls that the code makes.
 */
export function readPolicies(path: string): RolePolicy[] {
  const sections = readFileSync(path, 'utf8').split(/^## /m).slice(1);
  return sections.flatMap((section) => {
    const role = /^`([a-z-]+)`/.exec(section)?.[1];
    const json = /```json\n(.*?)```/s.exec(section)?.[1];
    if (role === undefined || json === undefined) return [];
    const { Statement: statements } = JSON.parse(json) as { readonly Statement: Statement[] };
    return [{ role, statements }];
  });
}
