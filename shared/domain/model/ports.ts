import type { OutMessage } from './messages.ts';
import type { LatchkeyError } from './errors.ts';
import type { InstanceId, InstanceMemory, KeyPair, LaunchClaim, Snapshot } from './instance.ts';
import type { NoticeMessage } from './notice-message.ts';
import type { PlanSummary } from './plan.ts';
import type { Origin, Selector } from './request.ts';
import type { Restart, Rollout } from './rollout.ts';

/**
 * What the domain asks of the world. Every method rejects with `LatchkeyError` and with nothing
 * else; anything else is a bug. No method sleeps or retries beyond what it says.
 */

/** Milliseconds since the epoch. */
export interface Clock {
  nowMs(): number;
}

/** SHA-256 over UTF-8, 32 bytes. */
export type Sha256 = (text: string) => Uint8Array;

/** What became of one instance of a batch call; an instance that the answer left out is `unknown`. */
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
  /** At most 100 ids, in one page. Instances that do not exist (any more) are missing. */
  describeInstances(instanceIds: readonly InstanceId[]): Promise<readonly Snapshot[]>;
  /**
   * Every instance whose tag `tagKey` has one of these values, in all pages and states: also those
   * that no rollout knows of.
   */
  describeGroup(tagKey: string, tagValues: readonly string[]): Promise<readonly Snapshot[]>;
  /**
   * Every instance that the selector selects, in all pages and states, in no order. One that is
   * launched, released or changed while pages are read may be in it or not.
   *
   * @param atMost it stops reading once it has found more than so many
   * @returns `more`: there are others, or there may be. Instances that Latchkey's role must not see
   * are missing, and nothing tells them from those that do not exist
   */
  selectInstances(selector: Selector, atMost: number): Promise<Selection>;
  /** The key pair of exactly this name; undefined when there is none. */
  findKeyPair(keyPairName: string): Promise<KeyPair | undefined>;
  /** At most 50 ids. Safe to repeat. */
  attachKeyPair(keyPairName: string, instanceIds: readonly InstanceId[]): Promise<CallAnswer>;
  /** At most 50 ids. Safe to repeat: one that is not bound to it any more is `failed`. */
  detachKeyPair(keyPairName: string, instanceIds: readonly InstanceId[]): Promise<CallAnswer>;
  /** At most 100 ids, each for itself (`SuccessFirst`), never forced, **never retried**. */
  rebootInstances(instanceIds: readonly InstanceId[]): Promise<CallAnswer>;
  /** As `rebootInstances`. */
  startInstances(instanceIds: readonly InstanceId[]): Promise<CallAnswer>;
  /**
   * Asks whether it would be let: a dry run, of an instance that nobody has. Restarts nothing.
   *
   * @throws {LatchkeyError} whatever keeps it from restarting an instance that there is
   */
  rehearse(how: Restart): Promise<void>;
}

/** Where a rollout stands in the index. */
export interface RolloutEntry {
  readonly rolloutId: string;
  readonly createdAtMs: number;
}

/** One that is not done, and who asked for it. */
export type OpenEntry = RolloutEntry & Pick<Rollout, 'origin'>;

/** Which requests came in under which ids. */
export interface RequestLedger {
  /**
   * Takes the id for these bytes. Safe to repeat, and exact also when an answer is lost.
   *
   * @param requestId unique for the client, whatever it asks for
   * @returns `open`: it is the client's own, and nothing says that it was carried out. `done`: it was.
   * `another`: other bytes came in under it before
   */
  take(client: string, requestId: string, bodyDigest: string): Promise<'open' | 'done' | 'another'>;
  /** Says that it was carried out. Safe to repeat. */
  finish(client: string, requestId: string): Promise<void>;
}

export interface Rollouts {
  /** Writes the row and its place in the index, if there is no such row. Exact also when an answer is lost. */
  create(rollout: Rollout): Promise<'created' | 'exists'>;
  load(rolloutId: string): Promise<Rollout | undefined>;
  /**
   * Writes what differs, if the row is still at `before.version`. `after.version` must be one more.
   * Exact also when an answer is lost: `saved` if and only if this very write took effect.
   */
  save(before: Rollout, after: Rollout): Promise<'saved' | 'conflict'>;
  /**
   * Rollouts that are not done, oldest first. An entry is written before its row: one whose row is
   * missing, or has another `createdAtMs`, is what a creation left behind. Close it once it is older
   * than any invocation can be.
   */
  open(): Promise<readonly RolloutEntry[]>;
  /** Takes an entry out of `open()`; a rollout is its own entry. Safe to repeat. */
  close(entry: RolloutEntry): Promise<void>;
  /** Puts an entry back into `open()`: a person gave it something to do. Safe to repeat. */
  reopen(entry: OpenEntry): Promise<void>;
  /**
   * How many rollouts of this webhook client, or this person in a chat, `open()` holds; it stops counting
   * at `atMost`. Another that begins in the same moment may be missed.
   */
  countOpen(asker: Pick<Origin, 'door' | 'client'>, atMost: number): Promise<number>;
  /** Newest first; those after `after` when it is given. */
  newest(limit: number, after?: RolloutEntry): Promise<readonly RolloutEntry[]>;
}

/** The plans that somebody was shown, so that another one can be told from them. */
export interface PlanMemory {
  /** Keeps what the digest was made over, for 5 days. Safe to repeat. */
  remember(digest: string, summary: PlanSummary): Promise<void>;
  /** undefined: never kept, kept no more, or not readable as what the digest was made over. */
  recall(digest: string): Promise<PlanSummary | undefined>;
}

/** What may hold every rollout before its next restart. */
export interface GlobalStop {
  /** null when nothing is stopped. */
  read(): Promise<Stop | null>;
  set(stop: Stop | null): Promise<void>;
}

export interface Stop {
  readonly by: string;
  readonly atMs: number;
  readonly reason: string;
}

/** The global stop, and the number of rollouts that it holds or would hold. null: nothing is stopped. */
export interface StopState {
  readonly stop: Stop | null;
  readonly openRollouts: number;
}

/** What is asked before and after each wave whether the system bears it. */
export interface HealthGate {
  /** Never rejects: no answer, or one that cannot be read, is `wait`. */
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

/** Where the operator's channels are told. */
export interface Notifier {
  /** Once. Never rejects: what went wrong is `failed`, and may have been delivered all the same. */
  deliver(notice: NoticeMessage, nowMs: number): Promise<Delivery>;
}

export type Delivery =
  | { readonly kind: 'delivered' }
  /** Nobody is there to be told, or wants to be: not to be tried again. */
  | { readonly kind: 'gone'; readonly why: string }
  | {
      readonly kind: 'failed';
      readonly why: string;
      /** How long the receiver wants to be left alone; null when it does not say. */
      readonly retryAfterMs: number | null;
    };

/** The `instances` table. Every method takes any number of ids. */
export interface InstanceMemories {
  /** Those that are remembered. */
  recall(instanceIds: readonly InstanceId[]): Promise<ReadonlyMap<InstanceId, InstanceMemory>>;
  /**
   * Takes each instance for the rollout unless another one holds it. Safe to repeat.
   *
   * @returns those held by another, and by which
   */
  hold(
    rolloutId: string,
    instanceIds: readonly InstanceId[],
  ): Promise<ReadonlyMap<InstanceId, string>>;
  /**
   * Gives each instance back with what is to be remembered of it, if this rollout holds it. Safe to
   * repeat. `holder` is ignored; null leaves what was remembered before, but `bound` and
   * `previousKeyPairName` are one: with a new `bound`, null is remembered as well.
   */
  release(rolloutId: string, memories: readonly InstanceMemory[]): Promise<void>;
  /**
   * Takes the launch of each instance for the rollout unless another one has it. Safe to repeat.
   *
   * @param ownerUntilMs after this the rollout, if it is not there, will never come to be
   * @param dead claims of others that do not count any more, as they were read: these are taken over
   * @returns who has each now; every instance is somebody's
   */
  claimLaunch(
    rolloutId: string,
    instanceIds: readonly InstanceId[],
    ownerUntilMs: number,
    dead?: ReadonlyMap<InstanceId, LaunchClaim>,
  ): Promise<ReadonlyMap<InstanceId, LaunchClaim>>;
  /** A state-change event showed the instance not Running. Only held instances remember it. */
  witness(instanceId: InstanceId, notRunningAtMs: number): Promise<void>;
}

export interface Queue {
  /**
   * Sends any number of messages, in as few calls as the limits allow.
   *
   * @returns for each message, in order, undefined when it was sent, or why not. A message may have
   * been sent all the same when the answer was lost: receivers tolerate duplicates
   */
  send(messages: readonly OutMessage[]): Promise<readonly (LatchkeyError | undefined)[]>;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** One JSON object a line. Secrets are taken out by name and by pattern. */
export interface Log {
  (level: LogLevel, event: string, fields?: Readonly<Record<string, unknown>>): void;
}
