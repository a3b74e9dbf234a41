import {
  flag,
  group,
  integer,
  listOf,
  number,
  ownerAccount,
  requiredText,
  tags,
  text,
} from '../requests/parameters.ts';

/**
 * What RunInstances and CreateInstance take:
 * https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-runinstances
 *
 * Parameters for disks, networks, prices and the like are accepted and have no effect. Automatic release and
 * image families are not emulated: they are not declared here, so they are refused.
 */
const disk = {
  Category: text,
  Description: text,
  DiskName: text,
  PerformanceLevel: text,
  StorageClusterId: text,
} as const;

const dataDisk = listOf(
  group({
    ...disk,
    AutoSnapshotPolicyId: text,
    BurstingEnabled: flag,
    DeleteWithInstance: flag,
    Device: text,
    EncryptAlgorithm: text,
    Encrypted: text,
    KMSKeyId: text,
    ProvisionedIops: integer,
    Size: integer,
    SnapshotId: text,
  }),
);

const common = {
  ...ownerAccount,
  RegionId: requiredText,
  ZoneId: text,
  ImageId: requiredText,
  InstanceType: requiredText,
  InstanceName: text,
  KeyPairName: text,
  IoOptimized: text,
  ResourceGroupId: text,
  SecurityGroupId: text,
  VSwitchId: text,
  Tag: tags,
  DryRun: flag,
  ClientToken: text,
  DeletionProtection: flag,
  InstanceChargeType: text,
  // Without effect from here on
  Affinity: text,
  AutoRenew: flag,
  AutoRenewPeriod: integer,
  CreditSpecification: text,
  DataDisk: dataDisk,
  DedicatedHostId: text,
  DeploymentSetGroupNo: integer,
  DeploymentSetId: text,
  Description: text,
  HostName: text,
  HpcClusterId: text,
  HttpEndpoint: text,
  HttpPutResponseHopLimit: integer,
  HttpTokens: text,
  InternetChargeType: text,
  InternetMaxBandwidthIn: integer,
  InternetMaxBandwidthOut: integer,
  Password: text,
  PasswordInherit: flag,
  Period: integer,
  PeriodUnit: text,
  PrivateIpAddress: text,
  RamRoleName: text,
  SecurityEnhancementStrategy: text,
  SpotDuration: integer,
  SpotInterruptionBehavior: text,
  SpotPriceLimit: number,
  SpotStrategy: text,
  StorageSetId: text,
  StorageSetPartitionNumber: integer,
  Tenancy: text,
  UserData: text,
  HibernationOptions: group({ Configured: flag }),
  PrivatePoolOptions: group({ Id: text, MatchCriteria: text }),
} as const;

export const runInstancesParameters = {
  ...common,
  Amount: integer,
  MinAmount: integer,
  UniqueSuffix: flag,
  SecurityGroupIds: listOf(text),
  /**
   * ActionTrail records them. Launch templates are not emulated, so the call must also give what the
   * template would, at least the image and the instance type.
   */
  LaunchTemplateId: text,
  LaunchTemplateName: text,
  LaunchTemplateVersion: integer,
  // Without effect from here on
  AutoPay: flag,
  ClockOptions: group({ PtpStatus: text }),
  CpuOptions: group({
    Core: integer,
    Numa: text,
    ThreadsPerCore: integer,
    TopologyType: text,
    NestedVirtualization: text,
  }),
  HostNames: listOf(text),
  ImageOptions: group({ LoginAsNonRoot: flag }),
  Ipv6Address: listOf(text),
  Ipv6AddressCount: integer,
  Isp: text,
  NetworkInterface: listOf(
    group({
      DeleteOnRelease: flag,
      Description: text,
      InstanceType: text,
      Ipv6Address: listOf(text),
      Ipv6AddressCount: integer,
      NetworkCardIndex: integer,
      NetworkInterfaceId: text,
      NetworkInterfaceName: text,
      NetworkInterfaceTrafficMode: text,
      PrimaryIpAddress: text,
      QueueNumber: integer,
      QueuePairNumber: integer,
      RxQueueSize: integer,
      SecondaryPrivateIpAddressCount: integer,
      SecurityGroupId: text,
      SecurityGroupIds: listOf(text),
      SourceDestCheck: flag,
      TxQueueSize: integer,
      VSwitchId: text,
    }),
  ),
  NetworkInterfaceQueueNumber: integer,
  NetworkOptions: group({
    BandwidthWeighting: text,
    EnableJumboFrame: flag,
    EnableNetworkEncryption: flag,
  }),
  PrivateDnsNameOptions: group({
    EnableInstanceIdDnsAAAARecord: flag,
    EnableInstanceIdDnsARecord: flag,
    EnableIpDnsARecord: flag,
    EnableIpDnsPtrRecord: flag,
    HostnameType: text,
  }),
  SchedulerOptions: group({ DedicatedHostClusterId: text }),
  SecurityOptions: group({
    ConfidentialComputingMode: text,
    TrustedSystemMode: text,
    EnableSecureBoot: flag,
  }),
  SystemDisk: group({
    ...disk,
    AutoSnapshotPolicyId: text,
    BurstingEnabled: flag,
    EncryptAlgorithm: text,
    Encrypted: text,
    KMSKeyId: text,
    ProvisionedIops: integer,
    Size: integer,
  }),
} as const;

export const createInstanceParameters = {
  ...common,
  // Without effect from here on
  SystemDisk: group({ ...disk, Size: integer }),
  UseAdditionalService: flag,
} as const;
