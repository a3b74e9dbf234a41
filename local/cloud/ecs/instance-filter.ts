import { refuse } from './errors.ts';
import type { Fleet } from './model/fleet.ts';
import { type Instance, STATUSES } from './model/instance.ts';
import { type GivenTags, hasTags } from './model/tags.ts';
import { jsonStrings } from './requests/parameters.ts';
import { isLike } from './requests/wildcard.ts';

/** Ids in one filter: https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-describeinstances */
const MAX_IDS = 100;

export interface InstanceFilter {
  /** A JSON array. */
  readonly InstanceIds: string | undefined;
  /** `*` stands for any characters. */
  readonly InstanceName: string | undefined;
  readonly Status: string | undefined;
  readonly KeyPairName: string | undefined;
  readonly ZoneId: string | undefined;
  readonly VpcId: string | undefined;
  readonly VSwitchId: string | undefined;
  readonly SecurityGroupId: string | undefined;
  readonly ResourceGroupId: string | undefined;
  readonly ImageId: string | undefined;
  readonly InstanceType: string | undefined;
  readonly InstanceChargeType: string | undefined;
  readonly InstanceNetworkType: string | undefined;
  readonly IoOptimized: boolean | undefined;
  readonly LockReason: string | undefined;
  readonly Tag: GivenTags | undefined;
}

/**
 * The instances that meet every condition given, in order of creation. An id that does not exist is
 * left out. An empty text is no condition:
 * https://help.aliyun.com/en/ecs/api-describeinstances
 *
 * Filters by tags and by ResourceGroupId are documented for up to 1,000 resources. What happens beyond
 * is not documented: here they still work.
 *
 * @throws {EcsError} when a condition is malformed
 */
export function matchingInstances(fleet: Fleet, filter: InstanceFilter): Instance[] {
  if (isGiven(filter.Status) && !STATUSES.some((status) => status === filter.Status)) {
    refuse('InvalidStatus.NotFound');
  }
  return candidates(fleet, filter.InstanceIds).filter((instance) => matches(instance, filter));
}

function candidates(fleet: Fleet, instanceIds: string | undefined): Instance[] {
  if (!isGiven(instanceIds)) return [...fleet.all()];
  const ids = jsonStrings(instanceIds);
  if (ids === undefined || ids.length > MAX_IDS) return refuse('InvalidParameter', 'InstanceIds');
  return [...new Set(ids)]
    .map((id) => fleet.find(id))
    .filter((instance) => instance !== undefined)
    .sort((a, b) => a.sequence - b.sequence);
}

function matches(instance: Instance, filter: InstanceFilter): boolean {
  const is = (wanted: string | undefined, own: string) => !isGiven(wanted) || wanted === own;
  const isOneOf = (wanted: string | undefined, own: readonly string[]) =>
    !isGiven(wanted) || own.includes(wanted);
  return (
    is(filter.Status, instance.status) &&
    is(filter.KeyPairName, instance.keyPairName ?? '') &&
    is(filter.ZoneId, instance.zoneId) &&
    is(filter.VpcId, instance.vpcId) &&
    is(filter.VSwitchId, instance.vSwitchId) &&
    is(filter.ResourceGroupId, instance.resourceGroupId) &&
    is(filter.ImageId, instance.imageId) &&
    is(filter.InstanceType, instance.instanceType) &&
    is(filter.InstanceChargeType, instance.instanceChargeType) &&
    is(filter.InstanceNetworkType, 'vpc') &&
    (filter.IoOptimized === undefined || filter.IoOptimized === instance.ioOptimized) &&
    isOneOf(filter.SecurityGroupId, instance.securityGroupIds) &&
    isOneOf(filter.LockReason, instance.locks) &&
    (!isGiven(filter.InstanceName) || isLike(instance.name, filter.InstanceName)) &&
    hasTags(instance.tags, filter.Tag)
  );
}

function isGiven(text: string | undefined): text is string {
  return text !== undefined && text !== '';
}
