import { randomUUID } from 'node:crypto';
import type { EcsCloud } from '../cloud.ts';
import { envelope } from './envelope.ts';

/**
 * What Auto Scaling puts on its members, and nobody else may:
 * "Create an ACK dedicated cluster", under ECS tags, in https://www.alibabacloud.com/help/en/ack
 * Here whoever launches may: scaling groups are not emulated, and this tag stands in for one.
 */
export const SCALING_GROUP_TAG = 'acs:autoscaling:scalingGroupId';

/** From the launch to the end of the scaling activity, when the instances are up. */
const EVEN_LATER_MS = 100;

/**
 * Tells, once the instances run, of the scaling activity that launched them. The types of these events
 * are documented (https://www.alibabacloud.com/help/en/eventbridge/user-guide/auto-scaling-events), the
 * fields of their `data` could not be seen anywhere: these are composed.
 */
export function tellScaleOut(
  { kernel }: EcsCloud,
  scalingGroupId: string,
  instanceIds: readonly string[],
): void {
  const { pendingMs, startingMs } = kernel.settings.ecs;
  kernel.clock.after(pendingMs + startingMs + EVEN_LATER_MS, () => {
    const event = {
      id: kernel.requestId(),
      type: 'ess:ScalingActivity:ScaleOutSuccess',
      about: `scalinggroup/${scalingGroupId}`,
      data: {
        regionId: kernel.settings.regionId,
        scalingGroupId,
        scalingActivityId: `asa-bp1${randomUUID().replaceAll('-', '').slice(0, 17)}`,
        instanceIds,
      },
    };
    kernel.publish(envelope(kernel, event));
  });
}
