import { LatchkeyError } from '../model/errors.ts';
import type { InstanceId, Snapshot } from '../model/instance.ts';
import type { Ecs } from '../model/ports.ts';
import { MAX_INSTANCES, type RolloutRequest } from '../model/request.ts';
import { CONDITION_NAMES, conditionHolds, type Selector } from '../model/selector.ts';

/** A request that names its instances by their ids. */
export interface Targets {
  readonly request: RolloutRequest;
  /** The descriptions that the search returned; undefined when the request named ids, and nothing was searched. */
  readonly snapshots: ReadonlyMap<InstanceId, Snapshot> | undefined;
}

/**
 * Finds the instances of a selector. A request that names its instances is returned unchanged. The ids are
 * sorted, so that the same instances give the same plan.
 *
 * @throws {LatchkeyError} `not-valid` when the selector finds no instance, or more than a rollout can have;
 * and whatever `Ecs` throws
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

/** Whether every condition that is given holds. Without any condition nothing is selected. */
export function isSelected(selector: Selector, snapshot: Snapshot): boolean {
  const tags = Object.entries(selector.tags);
  const given = CONDITION_NAMES.filter((name) => selector[name] !== null);
  return (
    tags.length + given.length > 0 &&
    tags.every(([key, value]) => snapshot.tags[key] === value) &&
    given.every((name) => conditionHolds(name, selector[name]!, snapshot))
  );
}
