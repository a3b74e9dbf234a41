/** An ECS instance id, such as `i-bp1abc…`. */
export type InstanceId = string;

/** https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-describeinstances */
export type InstanceStatus = 'Pending' | 'Starting' | 'Running' | 'Stopping' | 'Stopped';

/** One instance as `DescribeInstances` described it at one moment. */
export interface Snapshot {
  readonly instanceId: InstanceId;
  readonly name: string;
  readonly status: InstanceStatus;
  readonly zoneId: string;
  /** '' when ECS names none. */
  readonly vpcId: string;
  /** '' when ECS names none, as for the default group. */
  readonly resourceGroupId: string;
  readonly osType: 'linux' | 'windows';
  readonly ioOptimized: boolean;
  /** The key pair that ECS records as bound; null when there is none. */
  readonly keyPairName: string | null;
  /** `LockReason`s: financial, security, recycling, dedicatedhostfinancial, refunded. */
  readonly locks: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  readonly imageId: string;
  /** When it was created, to the minute; null when ECS does not say. */
  readonly createdAtMs: number | null;
}

/** A key pair is its name **and** its fingerprint: a name that was recreated is another key pair. */
export interface KeyPair {
  readonly name: string;
  readonly fingerprint: string;
}

/**
 * What Latchkey remembers about one instance, across rollouts. Times are milliseconds since the
 * epoch. An instance that Latchkey never touched has no memory.
 */
export interface InstanceMemory {
  readonly instanceId: InstanceId;
  /** The rollout that holds the instance; null for none. */
  readonly holder: string | null;
  /** The key pair that Latchkey bound last, and when. */
  readonly bound: (KeyPair & { readonly atMs: number }) | null;
  /** When Latchkey last saw the instance ready after a restart. */
  readonly readyAtMs: number | null;
  /** The key pair before `bound`; null for none, or when it is not known. */
  readonly previousKeyPairName: string | null;
  /** When a restart ended `unknown`: nothing showed whether it happened. */
  readonly doubtAtMs: number | null;
  /** The time of the latest state-change event in which the instance was not Running. */
  readonly notRunningAtMs: number | null;
  /** The rollout that claimed its launch; null for none. */
  readonly launch: LaunchClaim | null;
}

/**
 * One launch becomes one rollout, however many events report it. The rollout may still be created until
 * the invocation that claimed the launch is certainly dead.
 */
export interface LaunchClaim {
  readonly rolloutId: string;
  readonly ownerUntilMs: number;
}
