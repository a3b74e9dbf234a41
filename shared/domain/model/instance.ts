/** An ECS instance id, such as `i-bp1abc…`. */
export type InstanceId = string;

/** https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-describeinstances */
export type InstanceStatus = 'Pending' | 'Starting' | 'Running' | 'Stopping' | 'Stopped';

/** What `DescribeInstances` said of one instance at one moment. */
export interface Snapshot {
  readonly instanceId: InstanceId;
  readonly name: string;
  readonly status: InstanceStatus;
  readonly zoneId: string;
  /** '' when ECS does not say, or for one that is in none. */
  readonly vpcId: string;
  /** '' when ECS does not say, as for one in the default group. */
  readonly resourceGroupId: string;
  readonly osType: 'linux' | 'windows';
  readonly ioOptimized: boolean;
  /** The key pair that ECS records as bound; null when there is none. */
  readonly keyPairName: string | null;
  /** `LockReason`s: financial, security, recycling, dedicatedhostfinancial, refunded. */
  readonly locks: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  readonly imageId: string;
  /** When the instance was created, to the minute; null when ECS does not say. */
  readonly createdAtMs: number | null;
}

/** A key pair is its name **and** its fingerprint: a recreated name is another key pair. */
export interface KeyPair {
  readonly name: string;
  readonly fingerprint: string;
}

/**
 * What Latchkey remembers of one instance, over all rollouts. Times are milliseconds since the
 * epoch. An instance that Latchkey never touched has no memory.
 */
export interface InstanceMemory {
  readonly instanceId: InstanceId;
  /** The rollout that holds the instance now; null when none does. */
  readonly holder: string | null;
  /** The key pair that Latchkey bound last, and when. */
  readonly bound: (KeyPair & { readonly atMs: number }) | null;
  /** When Latchkey last saw the instance ready after a restart. */
  readonly readyAtMs: number | null;
  /** What was bound before `bound` was; null when nothing was, or nothing is known. */
  readonly previousKeyPairName: string | null;
  /** When a restart ended that nobody knows whether it happened. */
  readonly doubtAtMs: number | null;
  /** The latest state-change event that showed the instance in a state other than Running. */
  readonly notRunningAtMs: number | null;
  /** Which rollout its launch was taken for; null when it was for none. */
  readonly launch: LaunchClaim | null;
}

/**
 * One launch becomes one rollout, through however many events it is seen. Until whoever took it is
 * certainly dead, that rollout may still come to be.
 */
export interface LaunchClaim {
  readonly rolloutId: string;
  readonly ownerUntilMs: number;
}
