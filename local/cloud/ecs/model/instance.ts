import type { Cancel } from '../../kernel/clock.ts';

export const STATUSES = ['Pending', 'Starting', 'Running', 'Stopping', 'Stopped'] as const;
export type InstanceStatus = (typeof STATUSES)[number];

/** https://www.alibabacloud.com/help/en/ecs/developer-reference/api-behavior-when-an-instance-is-locked-for-security-reasons */
export const LOCK_REASONS = [
  'financial',
  'security',
  'recycling',
  'dedicatedhostfinancial',
  'refunded',
] as const;
export type LockReason = (typeof LOCK_REASONS)[number];

/** How a stopped instance is charged. StopCharging is the economical mode. */
export const STOPPED_MODES = ['KeepCharging', 'StopCharging'] as const;
export type StoppedMode = (typeof STOPPED_MODES)[number];

/** One instance, as it is now. Only `Lifecycle` changes its status. */
export interface Instance {
  readonly id: string;
  /** Counts up in order of creation. Lists are sorted and paged by it. */
  readonly sequence: number;
  readonly name: string;
  readonly osType: 'linux' | 'windows';
  readonly ioOptimized: boolean;
  readonly locks: readonly LockReason[];
  readonly zoneId: string;
  readonly vpcId: string;
  readonly vSwitchId: string;
  readonly securityGroupIds: readonly string[];
  readonly resourceGroupId: string;
  readonly imageId: string;
  readonly instanceType: string;
  readonly instanceChargeType: string;
  readonly deletionProtection: boolean;
  /** Overdue: it cannot be started or rebooted. */
  readonly expired: boolean;
  /** False: after a stop in the economical mode it cannot be started again. */
  readonly hasStock: boolean;
  readonly createdMs: number;
  readonly tags: Map<string, string>;
  status: InstanceStatus;
  stoppedMode: StoppedMode;
  /** What ECS records; AttachKeyPair changes it at once. */
  keyPairName: string | null;
  /** The key pair that logs in. Only a boot changes it. */
  effectiveKeyPairName: string | null;
  /** Of the latest boot, as in `/proc/sys/kernel/random/boot_id`. */
  bootId: string | null;
  boots: number;
  bootedAtMs: number | null;
  /** What `StartTime` shows; null when it was never started. */
  startedMs: number | null;
  /** Cancels the change of status in progress. */
  cancelNext: Cancel | undefined;
}
