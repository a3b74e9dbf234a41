import { setTimeout as pause } from 'node:timers/promises';
import type { Cloud } from '../../../local/cloud/index.ts';
import { seededRandom } from '../../../local/cloud/kernel/random.ts';
import { IMAGE_ID, INSTANCE_TYPE, type Launch, launch } from '../launch.ts';
import { type Group, GROUPS } from './groups.ts';

/** The pause before each burst. */
const BURSTS_AFTER_MS = [0, 2_500, 2_500, 4_000];

/** The launches so far. */
export interface Launched {
  readonly groups: Map<string, Group>;
  calls: number;
  /** Calls that ECS refused. */
  refused: number;
}

type Launcher = (request: Launch) => Promise<readonly string[]>;

/** Launches every group. The calls are spread over bursts and over several callers. */
export async function storm(cloud: Cloud, launched: Launched): Promise<void> {
  const launchers = launchersOf(cloud);
  for (const [burst, calls] of burstsOf(BURSTS_AFTER_MS.length).entries()) {
    await pause(BURSTS_AFTER_MS[burst]);
    await Promise.all(
      calls.map(async ({ group, amount }, index) => {
        const instanceIds = await launchers[index % launchers.length]!({ ...group, amount });
        launched.calls += 1;
        for (const id of instanceIds) launched.groups.set(id, group);
      }),
    );
    await refusedLaunch(launchers[0]!);
    launched.refused += 1;
  }
}

/** Launches with a key pair that does not exist, so that ActionTrail reports a failed call. */
async function refusedLaunch(launcher: Launcher): Promise<void> {
  const request = { amount: 3, instanceName: 'web-', tags: { team: 'web' }, keyPairName: 'none' };
  try {
    await launcher(request);
  } catch (error) {
    if ((error as { readonly code?: string }).code === 'InvalidKeyPairName.NotFound') return;
    throw error;
  }
  throw new Error('Cannot go on: a launch with an unknown key pair was taken');
}

/** The account itself, a user, a pipeline in a role, and a person at the console. */
function launchersOf({ kernel, ecs, endpoints }: Cloud): Launcher[] {
  const { account, settings } = kernel;
  const credentials = [
    settings,
    account.issueAccessKey('alice'),
    account.assumeRole('deployer', 'pipeline-7'),
  ];
  const access = { endpoint: endpoints.ecs, regionId: settings.regionId };
  const person = { kind: 'console', userName: 'shami' } as const;
  return [
    ...credentials.map(
      (credential): Launcher =>
        (request) =>
          launch({ ...access, credential }, request),
    ),
    async (request) => ecs.launch({ by: person, parameters: onTheWire(request) }).instanceIds,
  ];
}

/** The calls of all groups, shuffled and spread over this many bursts. They are the same in every run. */
export function burstsOf(bursts: number) {
  const random = seededRandom(2_026);
  const calls = GROUPS.flatMap((group) =>
    group.calls.map((amount) => ({ group, amount, at: random() })),
  ).toSorted((a, b) => a.at - b.at);
  return Array.from({ length: bursts }, (_, burst) =>
    calls.filter((_call, index) => index % bursts === burst),
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
