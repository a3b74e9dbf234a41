import type { ChatAccount, ChatPlace } from './chat.ts';
import type { InstanceId } from './instance.ts';

/** Where requests come in. */
export type Door = 'webhook' | 'chat' | 'launch';

/** What somebody asked for. How it is written on the wire: `shared/contract/rollout-request.ts`. */
export interface RolloutRequest {
  readonly regionId: string;
  readonly keyPairName: string;
  /** In the order given, each once. */
  readonly instanceIds: readonly InstanceId[];
  /** What the ids were found by; null when they were given. */
  readonly selector: Selector | null;
  /** `auto`: Running ones are rebooted, Stopped ones stay stopped. `never`: attach only. */
  readonly restart: 'auto' | 'never';
  /** Stopped ones are started. */
  readonly startStopped: boolean;
  /** Restart also those that are bound to the key pair already, though nobody knows since when. */
  readonly restartAlreadyAttached: boolean;
  /** `now`: all at once. `wave`: each just before its restart, so that a halt leaves the rest as it was. */
  readonly attach: 'now' | 'wave';
  /** `"10%"` of the instances to restart, rounded down, or a count; at least 1. */
  readonly maxUnavailable: string;
  /**
   * How waves grow, always up to `maxUnavailable`. `doubling`: 1, 2, 4, 8 … `canary`: 1, then as many
   * as may be. `none`: as many as may be, from the first on.
   */
  readonly ramp: 'doubling' | 'canary' | 'none';
  /** A tag key: `maxUnavailable` then holds inside each group of instances with the same value too. */
  readonly groupBy: string | null;
  /** After this many failed or unknown restarts nothing more is restarted. */
  readonly haltAfterFailures: number;
  /** How long a wave must have stayed ready before the next one starts. */
  readonly bakeSeconds: number;
  /** From the answer to the restart call until the instance must be ready. */
  readonly readyTimeoutSeconds: number;
  /** Nothing is done before somebody approves, within so many seconds; null: no approval is needed. */
  readonly approveWithinSeconds: number | null;
  readonly expectedPlanDigest: string | null;
  /** The rollout that this one takes back; null for an ordinary one. */
  readonly undoes: string | null;
  /** The reason why window, freezes and approval are passed by; null for an ordinary request. */
  readonly breakGlass: string | null;
  /** What a launch rule adds; null at every other door. */
  readonly launch: LaunchTerms | null;
  readonly dryRun: boolean;
  readonly note: string;
}

/** Targets by what they have in common: every condition given must hold, and at least one is given. */
export interface Selector {
  /** Each of these tags with exactly this value. */
  readonly tags: Readonly<Record<string, string>>;
  /** The key pair bound now; null for any. */
  readonly keyPairName: string | null;
  readonly zoneId: string | null;
  readonly vpcId: string | null;
  readonly resourceGroupId: string | null;
  /** What the instance's name begins with; null for any. */
  readonly namePrefix: string | null;
}

/** What a launch rule says of instances that were just launched. */
export interface LaunchTerms {
  /** Bind it also where another key pair was bound at launch. */
  readonly replace: boolean;
  /** Restart members of a scaling group as well, though Auto Scaling may replace them for it. */
  readonly restartScalingMembers: boolean;
  /** Older instances are not restarted: they may serve already. */
  readonly restartYoungerThanSeconds: number;
}

/** Who asked, and by which key a repeated request is recognised. */
export interface Origin {
  readonly door: Door;
  /** A webhook client, a person, or a launch rule. */
  readonly client: string;
  /** Unique for door and client: `webhook-id`, or the event's source and id. */
  readonly idempotencyKey: string;
  /** SHA-256 of what was sent, to tell a repetition from another request under the same key. */
  readonly bodyDigest: string;
  /** Only at the webhook: the person of the policy whose client it is, if it is anybody's. */
  readonly person?: string;
  /** Only at the chat door: who wrote it, and where. */
  readonly chat?: { readonly account: ChatAccount; readonly place: ChatPlace };
}

/** Most instances of one rollout (design.md §1): our own choice, one Tablestore row holds them. */
export const MAX_INSTANCES = 1_000;
