import type { InstanceId } from './instance.ts';

/** Where requests come in. */
export type Door = 'webhook' | 'chat' | 'launch';

/** What somebody asked for. How it is written on the wire: `shared/inbound/rollout-request.ts`. */
export interface RolloutRequest {
  readonly regionId: string;
  readonly keyPairName: string;
  /** In the order given, each once. */
  readonly instanceIds: readonly InstanceId[];
  /** `auto`: Running ones are rebooted, Stopped ones stay stopped. `never`: attach only. */
  readonly restart: 'auto' | 'never';
  /** Stopped ones are started. */
  readonly startStopped: boolean;
  /** Restart also those that are bound to the key pair already, though nobody knows since when. */
  readonly restartAlreadyAttached: boolean;
  /** From the answer to the restart call until the instance must be ready. */
  readonly readyTimeoutSeconds: number;
  readonly expectedPlanDigest: string | null;
  readonly dryRun: boolean;
  readonly note: string;
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
}

/** Most instances of one rollout (design.md §1): our own choice, one Tablestore row holds them. */
export const MAX_INSTANCES = 1_000;
