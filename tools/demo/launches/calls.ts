import { seededRandom } from '../../../local/cloud/kernel/random.ts';
import { IMAGE_ID, INSTANCE_TYPE, type Launch } from '../launch.ts';
import { type Group, GROUPS } from './groups.ts';

/** A call that launches a part of a group. */
export interface Call {
  readonly group: Group;
  readonly amount: number;
}

/** The calls of all groups, shuffled and spread over this many bursts. They are the same in every run. */
export function burstsOf(bursts: number): Call[][] {
  const calls = GROUPS.flatMap((group) => group.calls.map((amount) => ({ group, amount })));
  const mixed = shuffled(calls);
  return Array.from({ length: bursts }, (_, burst) =>
    mixed.filter((_call, index) => index % bursts === burst),
  );
}

/** The parameters of RunInstances, as they are sent to ECS. */
export function onTheWire(request: Launch): Record<string, string> {
  const { amount, instanceName, tags, keyPairName, launchTemplateId } = request;
  const tagged: Record<string, string> = {};
  for (const [index, [key, value]] of Object.entries(tags).entries()) {
    tagged[`Tag.${index + 1}.Key`] = key;
    tagged[`Tag.${index + 1}.Value`] = value;
  }
  return {
    ImageId: IMAGE_ID,
    InstanceType: INSTANCE_TYPE,
    Amount: String(amount),
    InstanceName: instanceName,
    UniqueSuffix: 'true',
    ...(keyPairName !== undefined && { KeyPairName: keyPairName }),
    ...(launchTemplateId !== undefined && { LaunchTemplateId: launchTemplateId }),
    ...tagged,
  };
}

function shuffled<T>(items: readonly T[]): T[] {
  const random = seededRandom(2_026);
  return items
    .map((item) => ({ item, at: random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
