import type { Cloud } from '../../../local/cloud/index.ts';
import { reboot } from '../launch.ts';

const COUNT = 20;

export interface Bystanders {
  readonly instanceIds: readonly string[];
  /** The instance that an operator reboots. */
  readonly rebootedId: string;
}

/** Seeds instances that are not launched. Otherwise a launch rule would match them. */
export function seedBystanders(cloud: Cloud): Bystanders {
  const { instanceIds } = cloud.seed({
    instances: [{ count: COUNT, name: 'old', tags: { team: 'web' } }],
  });
  return { instanceIds, rebootedId: instanceIds[0]! };
}

/**
 * Publishes events about them that must start nothing: a launch by Latchkey's own role, a launch in
 * another region, and the state changes of a reboot by an operator.
 */
export async function disturb(
  { endpoints, kernel }: Cloud,
  { instanceIds, rebootedId }: Bystanders,
): Promise<void> {
  const { settings } = kernel;
  const { regionId } = settings;
  const nowMs = kernel.clock.nowMs();
  const events = [
    launchEvent(instanceIds, regionId, 'latchkey-restart:c-1', nowMs),
    launchEvent(instanceIds, 'cn-beijing', 'deployer:pipeline-7', nowMs),
  ];
  const reply = await fetch(`${endpoints.eventbridge}/events`, {
    method: 'POST',
    body: JSON.stringify(events),
  });
  if (!reply.ok) throw new Error(`Cannot put events: ${reply.status} ${await reply.text()}`);
  await reboot({ endpoint: endpoints.ecs, regionId, credential: settings }, rebootedId);
}

function launchEvent(
  instanceIds: readonly string[],
  regionId: string,
  userName: string,
  atMs: number,
) {
  const id = crypto.randomUUID().toUpperCase();
  const time = `${new Date(atMs).toISOString().slice(0, 19)}Z`;
  return {
    id,
    source: 'acs.ecs',
    specversion: '1.0',
    type: 'ecs:ActionTrail:ApiCall',
    time,
    data: {
      eventId: id,
      eventName: 'RunInstances',
      eventRW: 'Write',
      eventTime: time,
      eventType: 'ApiCall',
      acsRegion: regionId,
      serviceName: 'Ecs',
      responseElements: { InstanceIdSets: { InstanceIdSet: instanceIds } },
      userIdentity: {
        type: 'assumed-role',
        principalId: `300000000000000000:${userName.split(':')[1]}`,
        userName,
      },
    },
  };
}
