import type { InstanceId, KeyPair } from './instance.ts';
import type { Origin, RolloutRequest } from './request.ts';
import type { SkipReason } from './skip-reason.ts';

/**
 * One accepted request and all that follows from it. The row in the store is the truth; `step` is
 * the only thing that changes it. Times are milliseconds since the epoch.
 */
export interface Rollout {
  readonly rolloutId: string;
  /** Counts the saves; a save is refused when somebody else saved in between. */
  readonly version: number;
  readonly origin: Origin;
  readonly request: RolloutRequest;
  readonly keyPair: KeyPair;
  readonly planDigest: string;
  readonly createdAtMs: number;
  /** Names its place in the list of unfinished rollouts: another one each time that it is taken up. */
  readonly openedAtMs: number;
  /** When it was last saved: a rollout that stands still is recognised by it. */
  readonly updatedAtMs: number;
  /**
   * `open`: instances are still to be attached or restarted. `closing`: all have come to an end and
   * are being given back. `done`: nothing is left to do.
   */
  readonly phase: 'open' | 'closing' | 'done';
  /** Whether the instances are held in the `instances` table, so that no other rollout takes them. */
  readonly held: boolean;
  /**
   * Until then whoever took the instances, filled the outbox or gives back may still be at work;
   * afterwards it is dead, and anybody carries on.
   */
  readonly ownerUntilMs: number;
  readonly control: Control;
  /** null when none is needed. */
  readonly approval: Approval | null;
  /** Failures that the last `resume` forgave. */
  readonly forgiven: number;
  /** The wave that was started last; 0 before the first. */
  readonly wave: number;
  /** Why no wave is started now; '' when one is under way, or none is left. */
  readonly waitingFor: WaitingFor;
  /** When it is looked at again; null when somebody has to do something first. */
  readonly waitingUntilMs: number | null;
  /** When the next wake-up message arrives; null when none is under way. */
  readonly wakeAtMs: number | null;
  /** Indexes of instances whose result is saved, but not known to be published. */
  readonly outbox: readonly number[];
  /** What is still to be told to the operator's channels. */
  readonly notices: readonly Notice[];
  /** In the order of the request. */
  readonly instances: readonly RolloutInstance[];
  /** Newest last, the newest 200. */
  readonly history: readonly HistoryEntry[];
}

/** Whether the rollout goes on by itself. What runs finishes, whatever this says. */
export type Control =
  | { readonly kind: 'going' }
  | {
      readonly kind: 'paused' | 'halted' | 'aborted';
      readonly cause: string;
      /** Who did it; '' for Latchkey itself. */
      readonly by: string;
      readonly atMs: number;
    };

export interface Approval {
  /** `changed`: the plan was another one when it was to be acted on. */
  readonly state: 'waiting' | 'approved' | 'denied' | 'expired' | 'changed';
  readonly untilMs: number;
  /** Who decided, as in the history; '' as long as nobody has. Of several, the last one. */
  readonly by: string;
  /** Why it is needed: who wanted it, or the rule of the policy. */
  readonly why: string;
  /** How many people have to approve. */
  readonly needed: number;
  /** Who has: canonical persons, and clients that are nobody's. */
  readonly given: readonly string[];
  /** A click in a chat is not enough. */
  readonly isHighRisk: boolean;
  /** What whoever decides has to know, and the instances do not tell. */
  readonly facts: ApprovalFacts;
}

export interface ApprovalFacts {
  /** Instances that were Stopped when the plan was made. */
  readonly stopped: number;
  /** Key pairs that are replaced, with fingerprints where they still exist (else ''). At most 10. */
  readonly replaces: readonly KeyPair[];
}

/** Something that the operator's channels are told of. */
export type NoticeKind = 'approval-needed' | 'break-glass' | 'halted' | 'ended';

/** One that is not known to be in the queue yet. */
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

/** Another key pair than the rollout's, or none at all. */
export interface Target {
  readonly keyPair: KeyPair | null;
}

/** What the instance is to be bound to; null: to no key pair. */
export function wantedKeyPair(
  rollout: Pick<Rollout, 'keyPair'>,
  instance: Pick<RolloutInstance, 'target'>,
): KeyPair | null {
  return instance.target === null ? rollout.keyPair : instance.target.keyPair;
}

export interface RolloutInstance {
  readonly instanceId: InstanceId;
  readonly name: string;
  readonly zoneId: string;
  /** Value of the tag that the request groups by; '' for none. */
  readonly group: string;
  /** What it is to be bound to in place of the rollout's key pair; null: that one. Only in an undo. */
  readonly target: Target | null;
  /** The wave that it is restarted in; 0 as long as it is in none. */
  readonly wave: number;
  /** Bound when the plan was made; null when nothing was. What `undo` goes back to. */
  readonly previousKeyPairName: string | null;
  /** Since when ECS describes it no more; one incomplete answer is no release. */
  readonly missingSinceMs: number | null;
  /** Member of an Auto Scaling group when the plan was made. */
  readonly isScalingMember: boolean;
  /** Value of the instance's own tag against restarts, '' without one. A value nobody knows is `never`. */
  readonly optOut: '' | 'never' | 'approve' | 'window';
  /** Why no restart was planned, though the request is for one; '' when nothing is withheld. */
  readonly withheld: Withheld;
  readonly attach: AttachState;
  readonly restart: RestartState;
}

export type Withheld =
  | ''
  /** By the instance's own tag: against all restarts, or for a window that the policy does not have. */
  | 'opted-out'
  /** The tag wants an approval: nobody approves a launch, nor what breaks the glass. */
  | 'not-approved'
  /** A launched member of a scaling group: Auto Scaling may replace what is down. */
  | 'scaling-member'
  /** Launched too long ago for its rule. */
  | 'too-old';

/** Whether the bound key is the one that logs in: `no` = not before the next boot. */
export type Effective = 'yes' | 'no' | 'unknown';

export type AttachState =
  /** Being attached, by somebody who is certainly dead after `untilMs`. */
  | { readonly kind: 'due'; readonly untilMs: number }
  /** To be attached, but not before `untilMs`. */
  | {
      readonly kind: 'waiting';
      readonly reason: 'throttled' | 'pending' | 'unavailable' | 'wave' | 'approval';
      /** 0: nobody knows when. */
      readonly untilMs: number;
    }
  /** Asked for, but no answer came; looked up at `untilMs`. */
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
      /** What stands behind the reason: the lock, the state, the rollout that holds it. */
      readonly detail: string;
      /** With `already-attached` only. */
      readonly effective: Effective | null;
    };

/** How a restart is done: Running ones are rebooted, Stopped ones started. */
export type Restart = 'reboot' | 'start';

/** `accepted`: ECS answered success. `observed`: the instance was seen not Running after the claim. */
export type Proof = 'accepted' | 'observed';

export type RestartState =
  | { readonly kind: 'none' }
  /** To be restarted, once attached. `attempt` counts the claims so far. */
  | {
      readonly kind: 'due';
      readonly how: Restart;
      readonly attempt: number;
      /** Not before then: a call that certainly did nothing is made again. 0: no call was made yet. */
      readonly notBeforeMs: number;
      /** Down since an earlier attempt, as with `failed`; it counts as unavailable. */
      readonly isDown: boolean;
      /** Why it waits, '' when it does not: an error code. */
      readonly reason: string;
    }
  /**
   * Saved before the call is made. Whoever finds this must not call: its owner may be about to,
   * until `untilMs`, and may have, afterwards.
   */
  | {
      readonly kind: 'claimed';
      readonly how: Restart;
      readonly attempt: number;
      readonly atMs: number;
      readonly untilMs: number;
    }
  /** Restarted; its way back to Running is watched. */
  | {
      readonly kind: 'booting';
      readonly how: Restart;
      readonly attempt: number;
      readonly proof: Proof;
      /** When the proof came in. */
      readonly sinceMs: number;
      /** The first Running read after the proof, as long as no other state was read since. */
      readonly runningAtMs: number | null;
      /** When the latest look that counted was sent: one that was sent earlier says nothing. */
      readonly lookedAtMs: number;
      /** When to look next. */
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
      /** When it was seen Running again all the same; until then it counts as unavailable. */
      readonly runningAtMs: number | null;
    }
  /** Will not be restarted: a person said so. It may be bound all the same. */
  | {
      readonly kind: 'dropped';
      readonly how: Restart;
      readonly attempt: number;
      /** `busy`: another rollout holds it. */
      readonly why: 'aborted' | 'skipped' | 'busy';
      /** As with `failed`; what was not restarted is not down for it. */
      readonly isDown: boolean;
    }
  /** Claimed, not answered, and no evidence either way: a person has to look. */
  | {
      readonly kind: 'unknown';
      readonly how: Restart;
      readonly attempt: number;
      readonly atMs: number;
      readonly code: string;
      /** As with `failed`. */
      readonly runningAtMs: number | null;
    };

/** One thing that happened, for a batch of instances at once. */
export interface HistoryEntry {
  /** Counts up within the rollout, from 0. */
  readonly seq: number;
  readonly atMs: number;
  /** `attached`, `rebooted`, `ready`, …: a word for people and filters. */
  readonly what: string;
  /** How many instances it is about. */
  readonly count: number;
  /** What there is to say beyond that: an error code, a reason. */
  readonly detail: string;
  /** Alibaba's request id of the call, '' when there was none. */
  readonly requestId: string;
  /** Who did it, when it was a person or a client; '' for Latchkey itself. */
  readonly by: string;
}

/** How many history entries a row keeps: our own choice. */
export const HISTORY_KEPT = 200;
