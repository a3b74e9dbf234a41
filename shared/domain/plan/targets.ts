import { LatchkeyError } from '../model/errors.ts';
import type { InstanceId, Snapshot } from '../model/instance.ts';
import type { Ecs } from '../model/ports.ts';
import { MAX_INSTANCES, type RolloutRequest, type Selector } from '../model/request.ts';

/** A request whose instances are known by their ids. */
export interface Targets {
  readonly request: RolloutRequest;
  /** What finding them told of them; undefined when they were given by id and are still to be described. */
  readonly snapshots: ReadonlyMap<InstanceId, Snapshot> | undefined;
}

/**
 * Finds what a selector selects; a request that names its instances stays as it is. The ids are in
 * order, so that the same instances make the same plan.
 *
 * @throws {LatchkeyError} `not-valid` when it selects no instance, or more than a rollout can have; and
 * what `Ecs` throws
 */
export async function resolveTargets(
  request: RolloutRequest,
  ecs: Pick<Ecs, 'selectInstances'>,
): Promise<Targets> {
  const { selector } = request;
  if (selector === null) return { request, snapshots: undefined };
  const { snapshots, more } = await ecs.selectInstances(selector, MAX_INSTANCES);
  if (more || snapshots.length > MAX_INSTANCES) {
    throw notSelected(`may select more than ${MAX_INSTANCES} instances, the most of one rollout`);
  }
  if (snapshots.length === 0) throw notSelected('selects no instance that Latchkey may see');
  const byId = new Map(snapshots.map((snapshot) => [snapshot.instanceId, snapshot]));
  return { request: { ...request, instanceIds: [...byId.keys()].toSorted() }, snapshots: byId };
}

function notSelected(detail: string): LatchkeyError {
  return new LatchkeyError('not-valid', `Cannot begin a rollout: the selector ${detail}`, {
    faults: [{ path: ['selector'], detail }],
  });
}

/**
 * Whether every condition that is given holds. Upper and lower case are two. Without any condition
 * nothing is selected.
 */
export function isSelected(selector: Selector, snapshot: Snapshot): boolean {
  const { keyPairName, zoneId, vpcId, resourceGroupId, namePrefix, tags } = selector;
  const conditions = [
    keyPairName === null ? null : keyPairName === snapshot.keyPairName,
    zoneId === null ? null : zoneId === snapshot.zoneId,
    vpcId === null ? null : vpcId === snapshot.vpcId,
    resourceGroupId === null ? null : resourceGroupId === snapshot.resourceGroupId,
    namePrefix === null ? null : snapshot.name.startsWith(namePrefix),
    ...Object.entries(tags).map(([key, value]) => snapshot.tags[key] === value),
  ].filter((condition) => condition !== null);
  return conditions.length > 0 && conditions.every((holds) => holds);
}
