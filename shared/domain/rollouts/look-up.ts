import type { InstanceId, Snapshot } from '../model/instance.ts';
import { chunks, mapPool } from '../../lib/pool.ts';
import { type Ecs, MAX_DESCRIBE_IDS } from '../model/ports.ts';

/** `DescribeInstances` calls in flight at once, enough for 1,000 instances: our own choice. */
const IN_FLIGHT = 10;

/** Describes any number of instances in as few calls as possible. */
export async function describeAll(
  ecs: Ecs,
  instanceIds: readonly InstanceId[],
): Promise<ReadonlyMap<InstanceId, Snapshot>> {
  const pages = await mapPool(chunks(instanceIds, MAX_DESCRIBE_IDS), IN_FLIGHT, (ids) =>
    ecs.describeInstances(ids),
  );
  return new Map(pages.flat().map((snapshot) => [snapshot.instanceId, snapshot]));
}
