import type { EcsCloud } from './cloud.ts';
import type { Instance } from './model/instance.ts';

/** Releases an instance. No later answer shows it. */
export function release(cloud: EcsCloud, instance: Instance): void {
  cloud.fleet.remove(instance.id);
  cloud.lifecycle.release(instance);
}
