import type { KeyPair } from '../../shared/domain/model/instance.ts';
import type { Policy } from '../../shared/domain/model/policy.ts';
import type { Ecs } from '../../shared/domain/model/ports.ts';
import { planProvision, type ProvisionPorts, type Step } from '../provision/provision.ts';
import type { RequiredStores } from '../provision/required-stores.ts';
import { fault, type Finding, ok, skipped } from './finding.ts';
import { UNUSED_INSTANCE_ID } from './unused-instance-id.ts';
import { failedCall } from './failed-call.ts';

export async function checkEcs(ecs: Pick<Ecs, 'describeInstances'>): Promise<Finding> {
  const check = 'ECS';
  try {
    await ecs.describeInstances([UNUSED_INSTANCE_ID]);
    return ok(check, 'DescribeInstances');
  } catch (error) {
    return failedCall(check, error, 'ecs:DescribeInstances');
  }
}

/** Checks that every key pair of the policy exists, with the same fingerprint. */
export async function checkKeyPairs(
  policy: Policy,
  ecs: Pick<Ecs, 'findKeyPair'>,
): Promise<Finding[]> {
  const required = keyPairsOf(policy);
  if (required.length === 0) return [skipped('key pairs', 'the policy names none')];
  return Promise.all(
    required.map(async ({ name, fingerprint }) => {
      const check = `key pair ${name}`;
      try {
        const found = await ecs.findKeyPair(name);
        if (found === undefined) {
          const mend = `import it into the region, or remove it from policy.json`;
          return fault(check, 'is not in the region', mend);
        }
        if (fingerprint === '' || found.fingerprint === fingerprint) return ok(check);
        const detail = `has the fingerprint ${found.fingerprint}, the policy says ${fingerprint}`;
        return fault(check, detail, 'find out who replaced it; then correct policy.json');
      } catch (error) {
        return failedCall(check, error, 'ecs:DescribeKeyPairs');
      }
    }),
  );
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
  required: RequiredStores,
  ports: ProvisionPorts,
): Promise<Finding[]> {
  const queues = required.queues.map((queue) =>
    checkStep(`queue ${queue.name}`, 'mns:GetQueueAttributes', () =>
      planProvision({ queues: [queue], tables: [] }, ports),
    ),
  );
  const tables = required.tables.map((table) =>
    checkStep(`table ${table.name}`, 'ots:DescribeTable', () =>
      planProvision({ queues: [], tables: [table] }, ports),
    ),
  );
  return Promise.all([...queues, ...tables]);
}

async function checkStep(
  check: string,
  permission: string,
  plan: () => Promise<Step[]>,
): Promise<Finding> {
  try {
    const [step] = await plan();
    return findingOf(check, step!);
  } catch (error) {
    return failedCall(check, error, permission);
  }
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
