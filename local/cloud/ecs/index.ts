import { NO_SPOIL } from '../kernel/faults.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Service } from '../kernel/service.ts';
import { runInstances } from './actions/run-instances.ts';
import { call } from './call.ts';
import { consoleCaller } from './caller.ts';
import type { EcsCloud } from './cloud.ts';
import { Fleet } from './model/fleet.ts';
import { Lifecycle } from './model/lifecycle.ts';
import { type FleetSeed, seedFleet } from './seed.ts';
import { ecsService } from './service.ts';
import { tellStateChange } from './state-change.ts';
import { type EcsState, stateOf } from './state.ts';

export { EcsError } from './errors.ts';
export { SeedError } from './seed-check.ts';
export type { FleetSeed } from './seed.ts';
export type { InstanceSeed } from './seed-instance.ts';
export type { EcsState, InstanceState } from './state.ts';

/** The emulated Elastic Compute Service. */
export interface Ecs {
  readonly service: Service;
  /** @throws {SeedError} naming the field, its value and the rule; nothing is changed then */
  seed(fleet: FleetSeed): { instanceIds: string[]; keyPairNames: string[] };
  state(): EcsState;
  /**
   * RunInstances as the console makes it: ActionTrail tells of a `ConsoleOperation`.
   *
   * @param parameters as on the wire, for example `{ 'Tag.1.Key': 'team', … }`
   * @throws {EcsError} when it is refused; ActionTrail tells of that too
   */
  launchFromConsole(
    parameters: Readonly<Record<string, string>>,
    userName?: string,
  ): { requestId: string; instanceIds: string[] };
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
    launchFromConsole: (parameters, userName = 'console-user') => {
      const requestId = kernel.requestId();
      const caller = consoleCaller(kernel.account.id, userName);
      const given = new Map(Object.entries(parameters));
      const answer = call(cloud, runInstances, given, { requestId, caller, spoil: NO_SPOIL });
      const sets = answer['InstanceIdSets'] as { InstanceIdSet: string[] };
      return { requestId, instanceIds: [...sets.InstanceIdSet] };
    },
  };
}
