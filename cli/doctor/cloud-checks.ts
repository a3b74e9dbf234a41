import type { KeyPair } from '../../shared/domain/model/instance.ts';
import type { Policy } from '../../shared/domain/model/policy.ts';
import type { Ecs } from '../../shared/domain/model/ports.ts';
import {
  planProvision,
  type ProvisionPorts,
  type RequiredStores,
  type Step,
} from '../provision/provision.ts';
import { fault, type Finding, ok, skipped, withCalls } from './finding.ts';

/** An id that no instance has. Asking for it tests the permission, and finds nothing. */
export const UNUSED_INSTANCE_ID = 'i-latchkeydoctor00000';

export function checkEcs(ecs: Pick<Ecs, 'describeInstances'>): Promise<Finding[]> {
  return withCalls('ECS', 'ecs:DescribeInstances', async () => {
    await ecs.describeInstances([UNUSED_INSTANCE_ID]);
    return [ok('ECS', 'DescribeInstances')];
  });
}

/** Checks that every key pair of the policy exists, with the same fingerprint. */
export async function checkKeyPairs(
  policy: Policy,
  ecs: Pick<Ecs, 'findKeyPair'>,
): Promise<Finding[]> {
  const required = keyPairsOf(policy);
  if (required.length === 0) return [skipped('key pairs', 'the policy names none')];
  const found = required.map((keyPair) => {
    const check = `key pair ${keyPair.name}`;
    return withCalls(check, 'ecs:DescribeKeyPairs', async () => [
      keyPairFinding(check, keyPair, await ecs.findKeyPair(keyPair.name)),
    ]);
  });
  return (await Promise.all(found)).flat();
}

function keyPairFinding(
  check: string,
  { fingerprint }: KeyPair,
  found: KeyPair | undefined,
): Finding {
  if (found === undefined) {
    const mend = `import it into the region, or remove it from policy.json`;
    return fault(check, 'is not in the region', mend);
  }
  if (fingerprint === '' || found.fingerprint === fingerprint) return ok(check);
  const detail = `has the fingerprint ${found.fingerprint}, the policy says ${fingerprint}`;
  return fault(check, detail, 'find out who replaced it; then correct policy.json');
}

/** The fingerprint is '' when the policy does not name one. */
function keyPairsOf({ clients, people, launch }: Policy): KeyPair[] {
  const all = [
    ...[...clients, ...people.map(({ rule }) => rule)].flatMap(({ keyPairs }) => keyPairs),
    ...launch.map(({ keyPairName, fingerprint }) => ({
      name: keyPairName,
      fingerprint: fingerprint ?? '',
    })),
  ];
  const known = new Map(all.map((one) => [`${one.name} ${one.fingerprint}`, one]));
  // A rule that accepts any fingerprint adds nothing to one that names it.
  return [...known.values()].filter(
    ({ name, fingerprint }) =>
      fingerprint !== '' || all.every((one) => one.name !== name || one.fingerprint === ''),
  );
}

/** Checks that queues and tables exist, with the required settings. */
export async function checkStores(
  { queues, tables }: RequiredStores,
  ports: ProvisionPorts,
): Promise<Finding[]> {
  const checkOne = (check: string, permission: string, stores: Partial<RequiredStores>) =>
    withCalls(check, permission, async () => {
      const steps = await planProvision({ queues: [], tables: [], ...stores }, ports);
      return steps.map((step) => findingOf(check, step));
    });
  const found = await Promise.all([
    ...queues.map((one) =>
      checkOne(`queue ${one.name}`, 'mns:GetQueueAttributes', { queues: [one] }),
    ),
    ...tables.map((one) => checkOne(`table ${one.name}`, 'ots:DescribeTable', { tables: [one] })),
  ]);
  return found.flat();
}

function findingOf(check: string, { kind, detail }: Step): Finding {
  switch (kind) {
    case 'keep':
      return ok(check);
    case 'create':
      return fault(check, 'does not exist', 'npx latchkey provision');
    case 'change':
      return fault(check, detail, 'npx latchkey provision');
    case 'impossible':
      return fault(check, detail, 'save its rows, delete it, then npx latchkey provision');
    case 'remove':
    case 'absent':
      throw new RangeError(`Cannot judge step "${kind}": provisioning removes nothing`);
  }
}
