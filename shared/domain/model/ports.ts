import type { Message, OutMessage } from './messages.ts';
import type { LatchkeyError } from './errors.ts';
import type { InstanceId, InstanceMemory, KeyPair, LaunchClaim, Snapshot } from './instance.ts';
import type { NoticeMessage } from './notice-message.ts';
import type { PlanSummary } from './plan.ts';
import type { Origin } from './request.ts';
import type { Selector } from './selector.ts';
import type { Restart, Rollout } from './rollout.ts';

/**
 * What the domain needs from outside. Every method rejects with `LatchkeyError` only; any other error is
 * a bug. No method sleeps or retries more than it says.
 */

/** Milliseconds since the epoch. */
export interface Clock {
  nowMs(): number;
}

/** SHA-256 over UTF-8, 32 bytes. */
export type Sha256 = (text: string) => Uint8Array;

/** The outcome of one instance of a batch call. An instance that the answer leaves out is `unknown`. */
export type CallOutcome =
  | { readonly instanceId: InstanceId; readonly kind: 'done' }
  | {
      readonly instanceId: InstanceId;
      readonly kind: 'failed';
      readonly code: string;
      readonly message: string;
    }
  | { readonly instanceId: InstanceId; readonly kind: 'unknown'; readonly code: string };

export interface CallAnswer {
  readonly requestId: string;
  /** One for each id asked, in the order asked. */
  readonly outcomes: readonly CallOutcome[];
}

/** Ids of one `AttachKeyPair`: https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-attachkeypair */
export const MAX_ATTACH_IDS = 50;
/** Ids of one `RebootInstances`, `StartInstances` or page of `DescribeInstances`. */
export const MAX_RESTART_IDS = 100;
export const MAX_DESCRIBE_IDS = 100;

export interface Selection {
  /** Each once. */
  readonly snapshots: readonly Snapshot[];
  readonly more: boolean;
}

export interface Ecs {
  /** At most 100 ids, in one page. Instances that do not exist are missing from the answer. */
  describeInstances(instanceIds: readonly InstanceId[]): Promise<readonly Snapshot[]>;
  /**
   * Every instance whose tag `tagKey` has one of these values, in all pages and states, in any rollout or
   * none.
   */
  describeGroup(tagKey: string, tagValues: readonly string[]): Promise<readonly Snapshot[]>;
  /**
   * Every instance that the selector matches, in all pages and states, in no order. An instance that is
   * launched, released or changed while pages are read may be included or not.
   *
   * @param atMost reading stops once more instances than this are found
   * @returns `more`: there are others, or there may be. Instances that Latchkey's role must not see are
   * missing, like instances that do not exist
   */
  selectInstances(selector: Selector, atMost: number): Promise<Selection>;
  /** The key pair of exactly this name; undefined when there is none. */
  findKeyPair(keyPairName: string): Promise<KeyPair | undefined>;
  /** At most 50 ids. Safe to repeat. */
  attachKeyPair(keyPairName: string, instanceIds: readonly InstanceId[]): Promise<CallAnswer>;
  /** At most 50 ids. Safe to repeat: an instance without this key pair is `failed`. */
  detachKeyPair(keyPairName: string, instanceIds: readonly InstanceId[]): Promise<CallAnswer>;
  /** At most 100 ids, each on its own (`SuccessFirst`), never forced, **never retried**. */
  rebootInstances(instanceIds: readonly InstanceId[]): Promise<CallAnswer>;
  /** As `rebootInstances`. */
  startInstances(instanceIds: readonly InstanceId[]): Promise<CallAnswer>;
  /**
   * Tests the permission to restart by a dry run on an instance id that does not exist. Restarts nothing.
   *
   * @throws {LatchkeyError} what would also prevent the restart of an existing instance
   */
  rehearse(how: Restart): Promise<void>;
}

/** The place of a rollout in the index. */
export interface RolloutEntry {
  readonly rolloutId: string;
  readonly createdAtMs: number;
}

/** The place of an open rollout, and who requested it. */
export type OpenEntry = RolloutEntry & Pick<Rollout, 'origin'>;

/** The ids of the requests that came in. */
export interface RequestLedger {
  /**
   * Claims the id for these bytes. Safe to repeat, and exact even when an answer is lost.
   *
   * @param requestId unique among all requests of the client
   * @returns `open`: claimed for these bytes, and not known to be carried out. `done`: carried out.
   * `another`: claimed before for other bytes
   */
  take(client: string, requestId: string, bodyDigest: string): Promise<'open' | 'done' | 'another'>;
  /** Records that the request was carried out. Safe to repeat. */
  finish(client: string, requestId: string): Promise<void>;
}

export interface Rollouts {
  /** Writes the row and its index entry, unless the row exists. Exact even when an answer is lost. */
  create(rollout: Rollout): Promise<'created' | 'exists'>;
  load(rolloutId: string): Promise<Rollout | undefined>;
  /**
   * Writes what differs if the row is still at `before.version`. `after.version` must be one more.
   * Exact even when an answer is lost: `saved` if and only if this write took effect.
   */
  save(before: Rollout, after: Rollout): Promise<'saved' | 'conflict'>;
  /**
   * Open rollouts, oldest first. An entry is written before its row. An entry without a row, or with
   * another `createdAtMs` than its row, is left over from a creation: close it once it is older than any
   * invocation can be.
   */
  open(): Promise<readonly RolloutEntry[]>;
  /** Removes an entry from `open()`. Safe to repeat. */
  close(entry: RolloutEntry): Promise<void>;
  /** Puts an entry back into `open()`, because a person gave the rollout more to do. Safe to repeat. */
  reopen(entry: OpenEntry): Promise<void>;
  /**
   * The number of open rollouts of this webhook client or chat person. Counting stops at `atMost`. A
   * rollout that begins at the same moment may be missed.
   */
  countOpen(asker: Pick<Origin, 'door' | 'client'>, atMost: number): Promise<number>;
  /** Newest first. With `after`: those that follow it. */
  newest(limit: number, after?: RolloutEntry): Promise<readonly RolloutEntry[]>;
}

/** The plans that were shown, so that a changed plan can be compared with them. */
export interface PlanMemory {
  /** Keeps what the digest covers, for 5 days. Safe to repeat. */
  remember(digest: string, summary: PlanSummary): Promise<void>;
  /** undefined: never kept, no longer kept, or not readable. */
  recall(digest: string): Promise<PlanSummary | undefined>;
}

/** Holds every rollout before its next restart. */
export interface GlobalStop {
  /** null: nothing is stopped. */
  read(): Promise<Stop | null>;
  set(stop: Stop | null): Promise<void>;
}

export interface Stop {
  readonly by: string;
  readonly atMs: number;
  readonly reason: string;
}

/** The global stop, and how many rollouts it holds or would hold. */
export interface StopState {
  readonly stop: Stop | null;
  readonly openRollouts: number;
}

/** Answers before and after each wave whether the system is healthy. */
export interface HealthGate {
  /** Never rejects: a missing or unreadable answer is `wait`. */
  ask(question: GateQuestion): Promise<GateAnswer>;
}

export interface GateQuestion {
  readonly rolloutId: string;
  readonly phase: 'before' | 'after';
  readonly wave: number;
  readonly instanceIds: readonly InstanceId[];
}

export interface GateAnswer {
  readonly answer: 'go' | 'wait' | 'halt';
  /** The gate's own words, '' for none. */
  readonly reason: string;
}

/** Delivers notices to the operator's channels. */
export interface Notifier {
  /** Makes one attempt. Never rejects: an error is `failed`, and the notice may have arrived all the same. */
  deliver(notice: NoticeMessage, nowMs: number): Promise<Delivery>;
}

export type Delivery =
  | { readonly kind: 'delivered' }
  /** The channel is gone or refuses the notice: do not try again. */
  | { readonly kind: 'gone'; readonly why: string }
  | {
      readonly kind: 'failed';
      readonly why: string;
      /** How long the receiver asks to wait; null when it does not say. */
      readonly retryAfterMs: number | null;
    };

/** The `instances` table. Every method takes any number of ids. */
export interface InstanceMemories {
  /** The memories of those instances that have one. */
  recall(instanceIds: readonly InstanceId[]): Promise<ReadonlyMap<InstanceId, InstanceMemory>>;
  /**
   * Holds each instance for the rollout unless another rollout holds it. Safe to repeat.
   *
   * @returns the instances that other rollouts hold, and those rollouts
   */
  hold(
    rolloutId: string,
    instanceIds: readonly InstanceId[],
  ): Promise<ReadonlyMap<InstanceId, string>>;
  /**
   * Releases each instance that this rollout holds, and writes its memory. Safe to repeat. `holder` is
   * ignored. A field that is null leaves the old value. `bound` and `previousKeyPairName` are one: with a
   * new `bound`, a null `previousKeyPairName` is written too.
   */
  release(rolloutId: string, memories: readonly InstanceMemory[]): Promise<void>;
  /**
   * Claims the launch of each instance for the rollout unless another rollout has it. Safe to repeat.
   *
   * @param ownerUntilMs a rollout that does not exist by then will never be created
   * @param dead claims of others that no longer count, as they were read: these are taken over
   * @returns the claim of each instance now
   */
  claimLaunch(
    rolloutId: string,
    instanceIds: readonly InstanceId[],
    ownerUntilMs: number,
    dead?: ReadonlyMap<InstanceId, LaunchClaim>,
  ): Promise<ReadonlyMap<InstanceId, LaunchClaim>>;
  /** Records that a state-change event showed the instance not Running, for held instances only. */
  witness(instanceId: InstanceId, notRunningAtMs: number): Promise<void>;
}

export interface Queue<M extends Message = Message> {
  /**
   * Sends any number of messages in as few calls as the limits allow.
   *
   * @returns for each message, in order, undefined when it was sent, or the error. A message with an
   * error may have been sent all the same: receivers tolerate duplicates
   */
  send(messages: readonly OutMessage<M>[]): Promise<readonly (LatchkeyError | undefined)[]>;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Writes one JSON object a line. Secrets are removed by name and by pattern. */
export interface Log {
  (level: LogLevel, event: string, fields?: Readonly<Record<string, unknown>>): void;
}
