import type { Kernel } from '../kernel/kernel.ts';
import type { Service } from '../kernel/service.ts';
import type { EcsCloud } from './cloud.ts';
import { type LaunchCall, launchAs } from './launch/launch-as.ts';
import { Fleet } from './model/fleet.ts';
import { Lifecycle } from './model/lifecycle.ts';
import { type FleetSeed, seedFleet } from './seed/seed.ts';
import { ecsService } from './service.ts';
import { tellStateChange } from './events/state-change.ts';
import { type EcsState, stateOf } from './state.ts';

export { EcsError } from './errors.ts';
export type { LaunchCall, Launcher } from './launch/launch-as.ts';
export { SeedError } from './seed/seed-check.ts';
export type { FleetSeed } from './seed/seed.ts';
export type { InstanceSeed } from './seed/seed-instance.ts';
export type { EcsState, InstanceState } from './state.ts';

/** The emulated Elastic Compute Service. */
export interface Ecs {
  readonly service: Service;
  /** @throws {SeedError} with the field, its value and the rule; nothing is changed then */
  seed(fleet: FleetSeed): { instanceIds: string[]; keyPairNames: string[] };
  state(): EcsState;
  /**
   * Launches as a caller who has no credentials here, for example a person at the console.
   *
   * @throws {EcsError} when the launch is refused; ActionTrail records that too
   */
  launch(call: LaunchCall): { requestId: string; instanceIds: string[] };
}

export function createEcs(kernel: Kernel): Ecs {
  const cloud: EcsCloud = {
    kernel,
    fleet: new Fleet(kernel.random),
    keyPairs: new Map(),
    lifecycle: new Lifecycle(kernel, (instance, state) => tellStateChange(kernel, instance, state)),
    launches: new Map(),
  };
  return {
    service: ecsService(cloud),
    seed: (fleet) => seedFleet(cloud, fleet),
    state: () => stateOf(cloud),
    launch: (launchCall) => launchAs(cloud, launchCall),
  };
}
