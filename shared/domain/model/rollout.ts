import type { InstanceId, KeyPair } from './instance.ts';
import type { Origin, RolloutRequest } from './request.ts';
import type { SkipReason } from './skip-reason.ts';

/**
 * One accepted request and everything done for it. The row in the store is the truth. Only `step`
 * changes it. Times are milliseconds since the epoch.
 */
export interface Rollout {
  readonly rolloutId: string;
  /** Counts the saves. A save is refused when another one came in between. */
  readonly version: number;
  readonly origin: Origin;
  readonly request: RolloutRequest;
  readonly keyPair: KeyPair;
  readonly planDigest: string;
  readonly createdAtMs: number;
  /** The key of its entry in the list of open rollouts. A reopened rollout gets a new entry. */
  readonly openedAtMs: number;
  /** When it was last saved. A stalled rollout is recognised by it. */
  readonly updatedAtMs: number;
  /**
   * `open`: instances are still to be attached or restarted. `closing`: every instance is finished and
   * is being released. `done`: nothing is left to do.
   */
  readonly phase: 'open' | 'closing' | 'done';
  /** Whether the instances are held in the `instances` table: an instance is in one open rollout only. */
  readonly held: boolean;
  /**
   * Until then the invocation that holds the instances, fills the outbox or releases may still run.
   * Afterwards it is certainly dead, and any other invocation may continue.
   */
  readonly ownerUntilMs: number;
  readonly control: Control;
  /** null: no approval is needed. */
  readonly approval: Approval | null;
  /** Failures that no longer count, since the last `resume`. */
  readonly forgiven: number;
  /** The last wave that was started; 0 before the first. */
  readonly wave: number;
  /** Why no wave is started now; '' when a wave runs or none is left. */
  readonly waitingFor: WaitingFor;
  /** When this is checked again; null when a person has to act first. */
  readonly waitingUntilMs: number | null;
  /** When the next wake message arrives; null when none was sent. */
  readonly wakeAtMs: number | null;
  /** Indexes of instances whose result is saved and perhaps not published yet. */
  readonly outbox: readonly number[];
  /** Notices that are still to be sent to the operator's channels. */
  readonly notices: readonly Notice[];
  /** In the order of the request. */
  readonly instances: readonly RolloutInstance[];
  /** Newest last, the newest 200. */
  readonly history: readonly HistoryEntry[];
}

/** The fields of a rollout that are the same whenever one is created. */
export const AT_CREATION = {
  version: 1,
  phase: 'open',
  held: false,
  control: { kind: 'going' },
  forgiven: 0,
  wave: 0,
  wakeAtMs: null,
} as const satisfies Partial<Rollout>;

/** Whether the rollout continues. Calls that were made already finish in any case. */
export type Control =
  | { readonly kind: 'going' }
  | {
      readonly kind: 'paused' | 'halted' | 'aborted';
      readonly cause: string;
      /** Who did it; '' for Latchkey. */
      readonly by: string;
      readonly atMs: number;
    };

export interface Approval {
  /** `changed`: the plan had changed when somebody approved it. */
  readonly state: 'waiting' | 'approved' | 'denied' | 'expired' | 'changed';
  readonly untilMs: number;
  /** Who decided, as in the history; '' while nobody has. Of several approvers, the last one. */
  readonly by: string;
  /** Why it is needed: the requester asked for it, or a rule of the policy. */
  readonly why: string;
  /** How many people must approve. */
  readonly needed: number;
  /** Who has approved: persons, and clients that belong to no person. */
  readonly given: readonly string[];
  /** It cannot be approved in a chat. */
  readonly isHighRisk: boolean;
  /** What an approver must know and cannot see from the instances. */
  readonly facts: ApprovalFacts;
}

export interface ApprovalFacts {
  /** Instances that were Stopped at planning. */
  readonly stopped: number;
  /** Key pairs that are replaced; the fingerprint is '' for one that no longer exists. At most 10. */
  readonly replaces: readonly KeyPair[];
}

/** What the operator's channels can subscribe to. */
export type NoticeKind = 'approval-needed' | 'break-glass' | 'halted' | 'ended';

/** A notice that is perhaps not in the queue yet. */
export interface Notice {
  readonly kind: NoticeKind;
  readonly atMs: number;
}

export type WaitingFor =
  | ''
  | 'approval'
  | 'paused'
  | 'halted'
  | 'stopped'
  | 'window'
  | 'freeze'
  | 'bake'
  | 'gate'
  | 'budget'
  | 'group'
  | 'unavailable';

/** A key pair other than the rollout's, or none. */
export interface Target {
  readonly keyPair: KeyPair | null;
}

/** The key pair that the instance is to have; null: none. */
export function targetKeyPair(
  rollout: Pick<Rollout, 'keyPair'>,
  instance: Pick<RolloutInstance, 'target'>,
): KeyPair | null {
  return instance.target === null ? rollout.keyPair : instance.target.keyPair;
}

export interface RolloutInstance {
  readonly instanceId: InstanceId;
  readonly name: string;
  readonly zoneId: string;
  /** The value of the request's `groupBy` tag; '' for none. */
  readonly group: string;
  /** The key pair to bind instead of the rollout's; null: the rollout's. Only in an undo. */
  readonly target: Target | null;
  /** The wave in which it is restarted; 0 before it is in one. */
  readonly wave: number;
  /** The key pair bound at planning; null for none. `undo` binds it again. */
  readonly previousKeyPairName: string | null;
  /** Since when ECS does not list it. One incomplete answer does not prove a release. */
  readonly missingSinceMs: number | null;
  /** It was a member of an Auto Scaling group at planning. */
  readonly isScalingMember: boolean;
  /** The value of the instance's restart tag, '' without one. An unknown value counts as `never`. */
  readonly optOut: '' | 'never' | 'approve' | 'window';
  /** Why no restart is planned although the request asks for one; '' when none is withheld. */
  readonly withheld: Withheld;
  readonly attach: AttachState;
  readonly restart: RestartState;
}

export type Withheld =
  | ''
  /** The instance's tag forbids restarts, or wants a window and the policy has none. */
  | 'opted-out'
  /** The instance's tag wants an approval, which a launch and a broken glass never get. */
  | 'not-approved'
  /** A launched member of a scaling group: Auto Scaling may replace members that are down. */
  | 'scaling-member'
  /** It was launched too long ago for its rule. */
  | 'too-old';

/** Whether the bound key logs in. `no`: not before the next boot. */
export type Effective = 'yes' | 'no' | 'unknown';

export type AttachState =
  /** An invocation attaches it now. That invocation is certainly dead after `untilMs`. */
  | { readonly kind: 'due'; readonly untilMs: number }
  /** It is attached later, not before `untilMs`. */
  | {
      readonly kind: 'waiting';
      readonly reason: 'throttled' | 'pending' | 'unavailable' | 'wave' | 'approval';
      /** 0: the time is not known. */
      readonly untilMs: number;
    }
  /** The attach was called and not answered. ECS is asked at `untilMs` what became of it. */
  | { readonly kind: 'unknown'; readonly code: string; readonly untilMs: number }
  | { readonly kind: 'attached'; readonly atMs: number; readonly requestId: string }
  | {
      readonly kind: 'failed';
      readonly code: string;
      readonly message: string;
      readonly requestId: string;
    }
  | {
      readonly kind: 'skipped';
      readonly reason: SkipReason;
      /** More about the reason: the lock, the state, the rollout that holds it. */
      readonly detail: string;
      /** With `already-attached` only. */
      readonly effective: Effective | null;
    };

/** Running instances are rebooted, Stopped ones are started. */
export type Restart = 'reboot' | 'start';

/** `accepted`: ECS answered success. `observed`: the instance was seen not Running after the claim. */
export type Proof = 'accepted' | 'observed';

export type RestartState =
  | { readonly kind: 'none' }
  /** It is restarted once it is attached. `attempt` counts the claims so far. */
  | {
      readonly kind: 'due';
      readonly how: Restart;
      readonly attempt: number;
      /** A call that certainly did nothing is made again, not before then. 0: no call was made yet. */
      readonly notBeforeMs: number;
      /** Down since an earlier attempt. It counts as unavailable. */
      readonly isDown: boolean;
      /** The error code for which it waits; '' when it does not wait. */
      readonly reason: string;
    }
  /**
   * Saved before the call is made. Nobody else may make the call: until `untilMs` the owner may be about
   * to make it, and afterwards the owner may have made it.
   */
  | {
      readonly kind: 'claimed';
      readonly how: Restart;
      readonly attempt: number;
      readonly atMs: number;
      readonly untilMs: number;
    }
  /** It was restarted. It is watched until it is Running again. */
  | {
      readonly kind: 'booting';
      readonly how: Restart;
      readonly attempt: number;
      readonly proof: Proof;
      /** When the proof came in. */
      readonly sinceMs: number;
      /** The first Running read after the proof; null again after a read of another state. */
      readonly runningAtMs: number | null;
      /** When the latest read that counted was sent. An earlier read says nothing new. */
      readonly lookedAtMs: number;
      /** When to read the state next. */
      readonly readAtMs: number;
      readonly requestId: string;
    }
  | {
      readonly kind: 'ready';
      readonly how: Restart;
      readonly attempt: number;
      readonly proof: Proof;
      readonly atMs: number;
      readonly requestId: string;
    }
  | {
      readonly kind: 'failed';
      readonly how: Restart;
      readonly attempt: number;
      readonly code: string;
      readonly message: string;
      readonly requestId: string;
      /** When it was seen Running again. Until then it counts as unavailable. */
      readonly runningAtMs: number | null;
    }
  /** It will not be restarted. It may still have the key pair. */
  | {
      readonly kind: 'dropped';
      readonly how: Restart;
      readonly attempt: number;
      /** `busy`: another rollout holds it. */
      readonly why: 'aborted' | 'skipped' | 'busy';
      /** Down since an earlier attempt. It counts as unavailable. */
      readonly isDown: boolean;
    }
  /** Claimed, not answered, and without evidence that it restarted: a person has to check. */
  | {
      readonly kind: 'unknown';
      readonly how: Restart;
      readonly attempt: number;
      readonly atMs: number;
      readonly code: string;
      /** When it was seen Running since. Until then it counts as unavailable. */
      readonly runningAtMs: number | null;
    };

/** One thing that happened, for a batch of instances at once. */
export interface HistoryEntry {
  /** Counts up within the rollout, from 0. */
  readonly seq: number;
  readonly atMs: number;
  /** For people and filters: `attached`, `rebooted`, `ready`, … */
  readonly what: string;
  /** The number of instances. */
  readonly count: number;
  /** An error code, a reason; '' for none. */
  readonly detail: string;
  /** Alibaba's request id of the call; '' for none. */
  readonly requestId: string;
  /** The person or client that did it; '' for Latchkey. */
  readonly by: string;
}

/** History entries that a row keeps: our own choice. The audit trail keeps all. */
export const HISTORY_KEPT = 200;
