import type { KeyPair } from '../../shared/domain/instance.ts';
import type { Policy } from '../../shared/domain/policy.ts';
import type { Ecs } from '../../shared/domain/ports.ts';
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

/** Every key pair that the policy names: there, and the very same. */
export async function checkKeyPairs(
  policy: Policy,
  ecs: Pick<Ecs, 'findKeyPair'>,
): Promise<Finding[]> {
  const wanted = keyPairsOf(policy);
  if (wanted.length === 0) return [skipped('key pairs', 'the policy names none')];
  return Promise.all(
    wanted.map(async ({ name, fingerprint }) => {
      const check = `key pair ${name}`;
      try {
        const found = await ecs.findKeyPair(name);
        if (found === undefined) {
          const mend = `import it into the region, or take it out of policy.json`;
          return fault(check, 'is not in the region', mend);
        }
        if (fingerprint === '' || found.fingerprint === fingerprint) return ok(check);
        const detail = `has the fingerprint ${found.fingerprint}, the policy says ${fingerprint}`;
        return fault(check, detail, 'find out who made it anew; then mend policy.json');
      } catch (error) {
        return failedCall(check, error, 'ecs:DescribeKeyPairs');
      }
    }),
  );
}

/** A fingerprint is '' where the policy does not say it. */
function keyPairsOf({ clients, people, launch }: Policy): KeyPair[] {
  const all = [
    ...[...clients, ...people.map(({ rule }) => rule)].flatMap(({ keyPairs }) => keyPairs),
    ...launch.map(({ keyPairName, fingerprint }) => ({
      name: keyPairName,
      fingerprint: fingerprint ?? '',
    })),
  ];
  const known = new Map(all.map((one) => [`${one.name} ${one.fingerprint}`, one]));
  // A rule that takes any fingerprint says nothing beside one that names it.
  return [...known.values()].filter(
    ({ name, fingerprint }) =>
      fingerprint !== '' || all.every((one) => one.name !== name || one.fingerprint === ''),
  );
}

/** Queues and tables: there, and as they must be. */
export async function checkStores(wanted: RequiredStores, ports: ProvisionPorts): Promise<Finding[]> {
  const queues = wanted.queues.map((queue) =>
    lookAt(`queue ${queue.name}`, 'mns:GetQueueAttributes', () =>
      planProvision({ queues: [queue], tables: [] }, ports),
    ),
  );
  const tables = wanted.tables.map((table) =>
    lookAt(`table ${table.name}`, 'ots:DescribeTable', () =>
      planProvision({ queues: [], tables: [table] }, ports),
    ),
  );
  return Promise.all([...queues, ...tables]);
}

async function lookAt(
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
      return fault(check, 'is not there', 'npx latchkey provision');
    case 'change':
      return fault(check, detail, 'npx latchkey provision');
    case 'impossible':
      return fault(check, detail, 'save what it holds, delete it, then npx latchkey provision');
    case 'remove':
    case 'absent':
      throw new RangeError(`Cannot judge step "${kind}": nothing is taken away here`);
  }
}
