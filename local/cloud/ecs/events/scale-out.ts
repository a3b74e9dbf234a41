import { randomUUID } from 'node:crypto';
import type { EcsCloud } from '../cloud.ts';
import { envelope } from './envelope.ts';

/**
 * The tag that Auto Scaling sets on its members, and that nobody else may set:
 * "Create an ACK dedicated cluster", under ECS tags, in https://www.alibabacloud.com/help/en/ack
 * Here any caller may set it: scaling groups are not emulated, and this tag stands for one.
 */
export const SCALING_GROUP_TAG = 'acs:autoscaling:scalingGroupId';

/** From the launch to the end of the scaling activity, when the instances are up. */
const EVEN_LATER_MS = 100;

/**
 * Publishes the end of the scaling activity once the instances run. The types of these events are documented
 * (https://www.alibabacloud.com/help/en/eventbridge/user-guide/auto-scaling-events). The fields of `data`
 * are not: these are our own choice, not verified.
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
