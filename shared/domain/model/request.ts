import type { ChatAccount, ChatPlace } from './chat.ts';
import type { InstanceId } from './instance.ts';
import type { Selector } from './selector.ts';

/** Where requests come in. */
export type Door = 'webhook' | 'chat' | 'launch';

/**
 * A request for a rollout, from whatever door. How it is written, and which values are valid:
 * `shared/contract/requests/rollout-request.ts`.
 */
export interface RolloutRequest {
  readonly regionId: string;
  readonly keyPairName: string;
  /** In the order given, each once. */
  readonly instanceIds: readonly InstanceId[];
  /** How the ids were found; null when the request named them. */
  readonly selector: Selector | null;
  /** `auto`: Running ones are rebooted, Stopped ones stay stopped. `never`: attach only. */
  readonly restart: 'auto' | 'never';
  /** Stopped ones are started. */
  readonly startStopped: boolean;
  /** Restart instances that already have the key pair too, where Latchkey cannot tell whether it is active. */
  readonly restartAlreadyAttached: boolean;
  /** `now`: attach to all at once. `wave`: attach to each just before its restart, so that a halt leaves the others unchanged. */
  readonly attach: 'now' | 'wave';
  /** Most instances down at once: a count, or a share (`"10%"`) of those to restart, rounded down, at least 1. */
  readonly maxUnavailable: string;
  /**
   * How waves grow, never above `maxUnavailable`. `doubling`: 1, 2, 4, 8 … `canary`: 1, then the maximum.
   * `none`: the maximum from the first wave on.
   */
  readonly ramp: 'doubling' | 'canary' | 'none';
  /** A tag key: `maxUnavailable` then also applies to each group of instances with the same value. */
  readonly groupBy: string | null;
  /** The rollout halts after this many failed or unknown restarts. */
  readonly haltAfterFailures: number;
  /** How long a wave must stay ready before the next one starts. */
  readonly bakeSeconds: number;
  /** How long an instance may take to be ready, from the answer to the restart call on. */
  readonly readyTimeoutSeconds: number;
  /** Nothing is done until somebody approves within this time; null: the request asks for no approval. */
  readonly approveWithinSeconds: number | null;
  /** The rollout starts only with the plan that has this digest; null: with any plan. */
  readonly expectedPlanDigest: string | null;
  /** The rollout that this one undoes; null for an ordinary one. */
  readonly undoes: string | null;
  /** The reason for bypassing window, freezes and approval; null for an ordinary request. */
  readonly breakGlass: string | null;
  /** What a launch rule adds; null at every other door. */
  readonly launch: LaunchTerms | null;
  readonly dryRun: boolean;
  readonly note: string;
}

/** What a launch rule says about newly launched instances. */
export interface LaunchTerms {
  /** Attach the key pair even if another one was bound at launch. */
  readonly replace: boolean;
  /** Restart members of scaling groups too, although Auto Scaling may replace them because of it. */
  readonly restartScalingMembers: boolean;
  /** Older instances are not restarted: they may already serve traffic. */
  readonly restartYoungerThanSeconds: number;
}

/** Who asked, and the key that identifies a repeated request. */
export interface Origin {
  readonly door: Door;
  /** A webhook client, a person, or a launch rule. */
  readonly client: string;
  /** Unique for door and client: `webhook-id`, or the event's source and id. */
  readonly idempotencyKey: string;
  /** SHA-256 of the body. It tells a repetition from another request under the same key. */
  readonly bodyDigest: string;
  /** Webhook only: the person of the policy that the client belongs to, if any. */
  readonly person?: string;
  /** Chat only: who wrote it, and where. */
  readonly chat?: { readonly account: ChatAccount; readonly place: ChatPlace };
}

/** Most instances of one rollout: our own choice, one Tablestore row holds them. */
export const MAX_INSTANCES = 1_000;
/** Longest note of one: our own choice, it is one line of a history. */
export const MAX_NOTE_LENGTH = 200;
