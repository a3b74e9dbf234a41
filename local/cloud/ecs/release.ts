import type { EcsCloud } from './cloud.ts';
import type { Instance } from './model/instance.ts';

/** The instance is gone from every answer at once. */
export function release(cloud: EcsCloud, instance: Instance): void {
  cloud.fleet.remove(instance.id);
  cloud.lifecycle.release(instance);
}
