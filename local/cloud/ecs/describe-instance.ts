import { minuteOf } from './minute.ts';
import type { Instance } from './model/instance.ts';
import { tagsAnswer } from './model/tags.ts';

/** One element of `Instances.Instance`. It has no boot id, and neither has the real one. */
export function describeInstance(instance: Instance, regionId: string) {
  return {
    InstanceId: instance.id,
    InstanceName: instance.name,
    HostName: instance.name,
    Description: '',
    RegionId: regionId,
    ZoneId: instance.zoneId,
    Status: instance.status,
    StoppedMode: instance.status === 'Stopped' ? instance.stoppedMode : 'Not-applicable',
    OSType: instance.osType,
    OSName: instance.osType === 'windows' ? 'Windows Server' : 'Alibaba Cloud Linux',
    ImageId: instance.imageId,
    InstanceType: instance.instanceType,
    InstanceChargeType: instance.instanceChargeType,
    InstanceNetworkType: 'vpc',
    IoOptimized: instance.ioOptimized,
    KeyPairName: instance.keyPairName ?? '',
    CreationTime: minuteOf(instance.createdMs),
    StartTime: instance.startedMs === null ? '' : minuteOf(instance.startedMs),
    DeletionProtection: instance.deletionProtection,
    ResourceGroupId: instance.resourceGroupId,
    SecurityGroupIds: { SecurityGroupId: instance.securityGroupIds },
    VpcAttributes: { VpcId: instance.vpcId, VSwitchId: instance.vSwitchId },
    Tags: tagsAnswer(instance.tags),
    OperationLocks: {
      LockReason: instance.locks.map((reason) => ({ LockReason: reason, LockMsg: '' })),
    },
  };
}
