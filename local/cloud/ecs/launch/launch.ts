import type { EcsCloud } from '../cloud.ts';
import { keyPairOf } from '../cloud.ts';
import { refuse } from '../errors.ts';
import type { Instance } from '../model/instance.ts';
import { type GivenTags, readTags } from '../model/tags.ts';
import { SCALING_GROUP_TAG, tellScaleOut } from '../events/scale-out.ts';

/** https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-runinstances */
const MAX_AMOUNT = 100;
/** ASCII characters of a client token, the same page. */
const MAX_TOKEN_LENGTH = 64;

/** The parameters that RunInstances and CreateInstance share and that matter here. */
export interface LaunchRequest {
  readonly ZoneId: string | undefined;
  readonly ImageId: string;
  readonly InstanceType: string;
  readonly InstanceName: string | undefined;
  readonly KeyPairName: string | undefined;
  readonly IoOptimized: string | undefined;
  readonly ResourceGroupId: string | undefined;
  readonly SecurityGroupId: string | undefined;
  readonly SecurityGroupIds?: readonly string[] | undefined;
  readonly VSwitchId: string | undefined;
  readonly Tag: GivenTags | undefined;
  readonly DryRun: boolean | undefined;
  readonly ClientToken: string | undefined;
  readonly DeletionProtection: boolean | undefined;
  readonly InstanceChargeType: string | undefined;
  readonly Amount?: number | undefined;
  readonly MinAmount?: number | undefined;
  readonly UniqueSuffix?: boolean | undefined;
}

/**
 * Creates all instances or none.
 *
 * @param boots whether they start by themselves
 * @returns their ids; those of the first call if the client token was used before
 */
export function launch(cloud: EcsCloud, request: LaunchRequest, boots: boolean): string[] {
  const amount = request.Amount ?? 1;
  if (amount < 1 || amount > MAX_AMOUNT) refuse('InvalidParameter', 'Amount');
  const minAmount = request.MinAmount ?? 1;
  if (minAmount < 1 || minAmount > amount) refuse('InvalidParameter', 'MinAmount');
  const template = templateOf(cloud, request);
  if (request.DryRun === true) refuse('DryRunOperation');

  const token = request.ClientToken;
  if (token !== undefined && token !== '') {
    if (token.length > MAX_TOKEN_LENGTH) refuse('InvalidParameter', 'ClientToken');
    const parameters = JSON.stringify([boots, request]);
    const earlier = cloud.launches.get(token);
    if (earlier !== undefined) {
      if (earlier.parameters !== parameters) refuse('IdempotentParameterMismatch');
      return earlier.instanceIds;
    }
    const instanceIds = make(cloud, request, template, amount, boots);
    cloud.launches.set(token, { parameters, instanceIds });
    return instanceIds;
  }
  return make(cloud, request, template, amount, boots);
}

type Template = Omit<Instance, 'id' | 'sequence' | 'name' | 'tags'> & {
  readonly tags: ReadonlyMap<string, string>;
};

function make(
  cloud: EcsCloud,
  request: LaunchRequest,
  template: Template,
  amount: number,
  boots: boolean,
): string[] {
  const instanceIds = Array.from({ length: amount }, (_, index) => {
    const id = cloud.fleet.freshId();
    const given = request.InstanceName;
    // UniqueSuffix adds 001, 002, … Without a name, the instance's id is its name.
    const suffix = request.UniqueSuffix === true ? String(index + 1).padStart(3, '0') : '';
    const name = given === undefined || given === '' ? id : given + suffix;
    const instance = cloud.fleet.add({ ...template, id, name, tags: new Map(template.tags) });
    cloud.lifecycle.create(instance, boots);
    return id;
  });
  const scalingGroupId = template.tags.get(SCALING_GROUP_TAG);
  if (scalingGroupId !== undefined && boots) tellScaleOut(cloud, scalingGroupId, instanceIds);
  return instanceIds;
}

function templateOf(cloud: EcsCloud, request: LaunchRequest): Template {
  const { regionId } = cloud.kernel.settings;
  const ioOptimized = request.IoOptimized ?? 'optimized';
  if (ioOptimized !== 'optimized' && ioOptimized !== 'none') {
    refuse('InvalidParameter', 'IoOptimized');
  }
  // The names of the vendor's Windows images begin with win2019_, win2022_, …
  const osType = /^win/i.test(request.ImageId) ? 'windows' : 'linux';
  const keyPairName = request.KeyPairName || null;
  if (keyPairName !== null) {
    keyPairOf(cloud, keyPairName);
    if (osType === 'windows') refuse('DependencyViolation.WindowsInstance');
  }
  const groups = request.SecurityGroupIds ?? [];
  return {
    osType,
    ioOptimized: ioOptimized === 'optimized',
    locks: [],
    zoneId: request.ZoneId || `${regionId}-h`,
    vpcId: DEFAULT_VPC_ID,
    vSwitchId: request.VSwitchId ?? '',
    securityGroupIds: request.SecurityGroupId ? [request.SecurityGroupId, ...groups] : [...groups],
    resourceGroupId: request.ResourceGroupId ?? '',
    imageId: request.ImageId,
    instanceType: request.InstanceType,
    instanceChargeType: request.InstanceChargeType ?? 'PostPaid',
    deletionProtection: request.DeletionProtection ?? false,
    expired: false,
    hasStock: true,
    createdMs: cloud.kernel.clock.nowMs(),
    tags: readTags(request.Tag, SCALING_GROUP_TAG),
    status: 'Pending',
    stoppedMode: 'KeepCharging',
    keyPairName,
    effectiveKeyPairName: null,
    bootId: null,
    boots: 0,
    bootedAtMs: null,
    startedMs: null,
    cancelNext: undefined,
  };
}

/** Every launched instance is in this one: networks are not emulated. */
export const DEFAULT_VPC_ID = 'vpc-bp1local0000000000000';
