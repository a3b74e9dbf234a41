import type { Cloud } from '../../../local/cloud/index.ts';
import { aLaunchEvent } from '../../../test/support/cloud-events.ts';
import { reboot } from '../launch.ts';

const COUNT = 20;

export type Bystanders = ReturnType<typeof seedBystanders>;

/** Seeds instances that are not launched. Otherwise a launch rule would match them. */
export function seedBystanders(cloud: Cloud) {
  const { instanceIds } = cloud.seed({
    instances: [{ count: COUNT, name: 'old', tags: { team: 'web' } }],
  });
  /** The instance that an operator reboots. */
  const rebootedId = instanceIds[0]!;
  return { instanceIds, rebootedId };
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
  const time = `${new Date(kernel.clock.nowMs()).toISOString().slice(0, 19)}Z`;
  const launchBy = (userName: string, acsRegion: string): unknown => {
    const principalId = `300000000000000000:${userName.split(':')[1]}`;
    const userIdentity = { type: 'assumed-role', principalId, userName };
    const id = crypto.randomUUID().toUpperCase();
    const event = aLaunchEvent({ id, time, instanceIds, data: { acsRegion, userIdentity } });
    return JSON.parse(event.toString());
  };
  const events = [
    launchBy('latchkey-restart:c-1', settings.regionId),
    launchBy('deployer:pipeline-7', 'cn-beijing'),
  ];
  const reply = await fetch(`${endpoints.eventbridge}/events`, {
    method: 'POST',
    body: JSON.stringify(events),
  });
  if (!reply.ok) throw new Error(`Cannot put events: ${reply.status} ${await reply.text()}`);
  const { regionId } = settings;
  await reboot({ endpoint: endpoints.ecs, regionId, credential: settings }, rebootedId);
}
