import type { LatchkeyError } from './errors.ts';
import type { InstanceId, InstanceMemory, Snapshot } from './instance.ts';
import type { Command } from './command.ts';
import type { CallAnswer, GateAnswer, Stop } from './ports.ts';
import type { RevokedKeyPair } from './policy.ts';
import type { Notice, NoticeKind, Restart } from './rollout.ts';

/** The moment in which a step is made. */
export interface Moment {
  readonly nowMs: number;
  /** When whoever makes the step is certainly dead: end of its time limit, and 30 s. */
  readonly ownerUntilMs: number;
  /** Whether the policy's window and freezes permit a restart now. */
  readonly schedule: RestartPermission;
  /** Whether the policy has a window: an instance whose own tag wants one is restarted in none else. */
  readonly hasWindow: boolean;
  /** Never bound again. */
  readonly revoked: readonly RevokedKeyPair[];
  /** What some channel is to be told of. */
  readonly wanted: ReadonlySet<NoticeKind>;
}

export type RestartPermission =
  | { readonly kind: 'open' }
  | {
      readonly kind: 'closed';
      readonly why: 'window' | 'freeze';
      readonly detail: string;
      readonly untilMs: number;
    };

/** All members of one group in ECS, of whatever rollout or none. */
export interface GroupState {
  readonly total: number;
  /** Those that are not Running, for whatever reason. */
  readonly down: ReadonlySet<InstanceId>;
}

/** How a batch call ended. `not-begun`: there was no time left, certainly nothing was done. */
export type CallResult =
  | { readonly kind: 'answer'; readonly answer: CallAnswer }
  | { readonly kind: 'error'; readonly error: LatchkeyError }
  | { readonly kind: 'not-begun' };

/** What makes a rollout move. Any of them may come twice, late, or in any order. */
export type RolloutEvent =
  /** Its creator goes on at once: attaches, but restarts nothing. */
  | { readonly kind: 'begin' }
  /** A message arrived, or the timer found it unfinished: time to look what is due. */
  | { readonly kind: 'wake' }
  /** Answer of `hold`: the instances that other rollouts hold, and which. */
  | { readonly kind: 'held'; readonly taken: ReadonlyMap<InstanceId, string> }
  | {
      readonly kind: 'attach-answered';
      readonly instanceIds: readonly InstanceId[];
      readonly result: CallResult;
    }
  | {
      readonly kind: 'restart-answered';
      readonly how: Restart;
      readonly claims: readonly Claim[];
      readonly result: CallResult;
    }
  | {
      readonly kind: 'looked';
      /** When the question was sent: what is seen is not older. */
      readonly atMs: number;
      readonly instanceIds: readonly InstanceId[];
      readonly snapshots: ReadonlyMap<InstanceId, Snapshot>;
      /** Empty unless they were asked for. */
      readonly memories: ReadonlyMap<InstanceId, InstanceMemory>;
    }
  /** Answer of `prepare`: what must be known right before a wave. */
  | {
      readonly kind: 'prepared';
      readonly atMs: number;
      readonly instanceIds: readonly InstanceId[];
      readonly snapshots: ReadonlyMap<InstanceId, Snapshot>;
      readonly groups: ReadonlyMap<string, GroupState>;
      readonly stop: Stop | null;
      /** null: not asked, for it was only looked who is back. */
      readonly gate: GateAnswer | null;
    }
  /** What the health gate said after the last wave; nothing depends on it any more. */
  | { readonly kind: 'gate-told'; readonly wave: number; readonly gate: GateAnswer }
  /** A part of it could not be had. */
  | { readonly kind: 'not-prepared' }
  | { readonly kind: 'published'; readonly indexes: readonly number[] }
  /** These notices are in the queue. */
  | { readonly kind: 'announced'; readonly notices: readonly Notice[] }
  | { readonly kind: 'released' }
  /** A person or a client wants something. What does not apply any more does nothing. */
  | {
      readonly kind: 'command';
      readonly command: Command;
      /** Who, and under which id: another one for each command, the same when it comes again. */
      readonly by: string;
      /** The place in the list of unfinished rollouts that was made for it; null for none. */
      readonly openedAtMs: number | null;
    }
  /** Somebody approved it, but what would be done is not any more what they were shown. */
  | {
      readonly kind: 'plan-changed';
      /** As of a command. */
      readonly by: string;
      /** The difference in words. */
      readonly detail: string;
    };

/** Which attempt at which instance a restart call is for. */
export interface Claim {
  readonly instanceId: InstanceId;
  readonly attempt: number;
}

/**
 * What is to be done after the rollout was saved. Each may be lost with the process that was about
 * to do it; whatever is safe to repeat is then asked for again by a later step.
 */
export type Effect =
  | { readonly kind: 'hold'; readonly instanceIds: readonly InstanceId[] }
  | { readonly kind: 'attach'; readonly instanceIds: readonly InstanceId[] }
  /** Describes the instances; with `recall`, also what is remembered of them. */
  | {
      readonly kind: 'look';
      readonly instanceIds: readonly InstanceId[];
      readonly recall: boolean;
    }
  /**
   * Finds out what must be known right before a wave: whether all is stopped, what the health gate
   * says, how the groups are, and whether these instances run.
   */
  | {
      readonly kind: 'prepare';
      readonly wave: number;
      /** Who the wave would restart, if nothing speaks against it; nobody: only look. */
      readonly memberIds: readonly InstanceId[];
      /** Who the wave before restarted. */
      readonly beforeIds: readonly InstanceId[];
      readonly lookIds: readonly InstanceId[];
      readonly groupBy: string | null;
      readonly groupValues: readonly string[];
    }
  /** Asks the health gate after the last wave, for the history. */
  | {
      readonly kind: 'ask-after';
      readonly wave: number;
      readonly instanceIds: readonly InstanceId[];
    }
  /** Only ever asked for together with the claims that it is for. */
  | { readonly kind: 'restart'; readonly how: Restart; readonly claims: readonly Claim[] }
  /** One result message for each of these instances. */
  | { readonly kind: 'publish'; readonly indexes: readonly number[] }
  /** One message for each of these and each channel that wants it. */
  | { readonly kind: 'announce'; readonly notices: readonly Notice[] }
  | { readonly kind: 'wake'; readonly atMs: number }
  /** Gives the instances back, with what is to be remembered of them. */
  | { readonly kind: 'release' }
  /** Takes the rollout out of the list of unfinished ones. */
  | { readonly kind: 'close' };
