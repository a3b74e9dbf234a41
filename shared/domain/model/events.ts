import type { RestartPermission } from './window.ts';
import type { LatchkeyError } from './errors.ts';
import type { InstanceId, InstanceMemory, Snapshot } from './instance.ts';
import type { Command } from './command.ts';
import type { CallAnswer, GateAnswer, Stop } from './ports.ts';
import type { RevokedKeyPair } from './policy.ts';
import type { Notice, NoticeKind, Restart } from './rollout.ts';

/** The moment in which a step is made. */
export interface Moment {
  readonly nowMs: number;
  /** When the invocation that makes the step is certainly dead: 30 s after its time limit. */
  readonly ownerUntilMs: number;
  /** Whether the policy's window and freezes permit a restart now. */
  readonly schedule: RestartPermission;
  /** Whether the policy has a window. An instance tagged `window` is restarted only inside it. */
  readonly hasWindow: boolean;
  /** Key pairs that must not be bound any more. */
  readonly revoked: readonly RevokedKeyPair[];
  /** The notices that at least one channel subscribes to. */
  readonly subscribed: ReadonlySet<NoticeKind>;
}

/** All members of one group in ECS, in any rollout or none. */
export interface GroupState {
  readonly total: number;
  /** The members that are not Running. */
  readonly down: ReadonlySet<InstanceId>;
}

/** How a batch call ended. `not-begun`: too little time was left, so no call was made. */
export type CallResult =
  | { readonly kind: 'answer'; readonly answer: CallAnswer }
  | { readonly kind: 'error'; readonly error: LatchkeyError }
  | { readonly kind: 'not-begun' };

/** What moves a rollout on. Each may come twice, late, and in any order. */
export type RolloutEvent =
  /** The door that created it continues at once: it attaches and restarts nothing. */
  | { readonly kind: 'begin' }
  /** A message arrived, or the timer found the rollout open: do what is due. */
  | { readonly kind: 'wake' }
  /** The answer of `hold`: the instances that other rollouts hold, and those rollouts. */
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
      /** When the read was sent: what it shows is not older. */
      readonly atMs: number;
      readonly instanceIds: readonly InstanceId[];
      readonly snapshots: ReadonlyMap<InstanceId, Snapshot>;
      /** Empty unless the effect asked for them. */
      readonly memories: ReadonlyMap<InstanceId, InstanceMemory>;
    }
  /** The answer of `prepare`: what must be known right before a wave. */
  | {
      readonly kind: 'prepared';
      readonly atMs: number;
      readonly instanceIds: readonly InstanceId[];
      readonly snapshots: ReadonlyMap<InstanceId, Snapshot>;
      readonly groups: ReadonlyMap<string, GroupState>;
      readonly stop: Stop | null;
      /** null: the gate was not asked, because only instance states were read. */
      readonly gate: GateAnswer | null;
    }
  /** The health gate's answer after the last wave, for the history only. */
  | { readonly kind: 'gate-told'; readonly wave: number; readonly gate: GateAnswer }
  /** Something that a wave needs could not be read. */
  | { readonly kind: 'not-prepared' }
  | { readonly kind: 'published'; readonly indexes: readonly number[] }
  /** These notices were sent to the queue. */
  | { readonly kind: 'announced'; readonly notices: readonly Notice[] }
  | { readonly kind: 'released' }
  /** A person or a client gives a command. A command that no longer applies does nothing. */
  | {
      readonly kind: 'command';
      readonly command: Command;
      /** Who, and the id of the command: the same when the command is delivered again. */
      readonly by: string;
      /** The entry in the list of open rollouts that was made for the command; null for none. */
      readonly openedAtMs: number | null;
    }
  /** Somebody approved the rollout, but its plan is no longer the one that they saw. */
  | {
      readonly kind: 'plan-changed';
      /** As in a command. */
      readonly by: string;
      /** The difference in words. */
      readonly detail: string;
    };

/** One instance of a restart call, and the number of the attempt. */
export interface Claim {
  readonly instanceId: InstanceId;
  readonly attempt: number;
}

/**
 * What is to be done after the rollout was saved. An effect may be lost when its process dies. A later
 * step then asks again for every effect that is safe to repeat.
 */
export type Effect =
  | { readonly kind: 'hold'; readonly instanceIds: readonly InstanceId[] }
  | { readonly kind: 'attach'; readonly instanceIds: readonly InstanceId[] }
  /** Describes the instances. With `recall` it also reads their memories. */
  | {
      readonly kind: 'look';
      readonly instanceIds: readonly InstanceId[];
      readonly recall: boolean;
    }
  /**
   * Reads what must be known right before a wave: the global stop, the health gate's answer, the state
   * of the groups, and whether these instances run.
   */
  | {
      readonly kind: 'prepare';
      readonly wave: number;
      /** The instances that the wave would restart; empty: only read states. */
      readonly memberIds: readonly InstanceId[];
      /** The instances that the previous wave restarted. */
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
  /** Always emitted together with the claims that it is for. */
  | { readonly kind: 'restart'; readonly how: Restart; readonly claims: readonly Claim[] }
  /** One result message for each of these instances. */
  | { readonly kind: 'publish'; readonly indexes: readonly number[] }
  /** One message for each notice and each channel that subscribes to it. */
  | { readonly kind: 'announce'; readonly notices: readonly Notice[] }
  | { readonly kind: 'wake'; readonly atMs: number }
  /** Releases the instances and writes their memories. */
  | { readonly kind: 'release' }
  /** Takes the rollout out of the list of open rollouts. */
  | { readonly kind: 'close' };
