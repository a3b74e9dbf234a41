/**
 * BACKOFF_RETRY: 3 times. EXPONENTIAL_DECAY_RETRY: 176 times within a day.
 * https://www.alibabacloud.com/help/en/eventbridge/user-guide/retry-and-dead-letter
 */
export type RetryPolicy = 'BACKOFF_RETRY' | 'EXPONENTIAL_DECAY_RETRY';

/** What a rule and a stream have in common: the target function, and how failures are handled. */
export interface Delivery {
  /** The trigger's name, unique within the function. */
  readonly name: string;
  readonly functionName: string;
  /** True: EventBridge waits only until Function Compute has accepted the call. */
  readonly asyncInvocation: boolean;
  /** RawData: only the value of `data`, without the envelope. */
  readonly eventSchema: 'CloudEvents' | 'RawData';
  readonly retry: RetryPolicy;
  /** What happens when all retries failed. ALL: the event goes to the dead-letter queue, or is dropped if there is none. NONE: a stream stops. */
  readonly errorsTolerance: 'ALL' | 'NONE';
  /** An SMQ queue's name. */
  readonly deadLetterQueue?: string;
}

/** From the default bus to a function, one event a call. */
export interface EventRule extends Delivery {
  /** JSON, as in `eventRuleFilterPattern`. Checked when the rule is added. */
  readonly pattern: unknown;
}

/** From an SMQ queue to a function. */
export interface QueueStream extends Delivery {
  readonly queueName: string;
  /** Bodies in base64 are decoded. Others are passed on unchanged, which is not documented. */
  readonly base64Decode: boolean;
  /** event-streaming: one array of events a call. event-driven: one event a call. */
  readonly mode: 'event-streaming' | 'event-driven';
  /** The form of the array's elements. Not verified; default: objects. */
  readonly shape?: 'objects' | 'strings';
  readonly batch: {
    readonly count: number;
    /** Counted from the first message. 0 pushes at once. */
    readonly windowMs: number;
  };
  /** Messages that do not match are dropped from the queue. */
  readonly pattern?: unknown;
  /**
   * The most pushes at the same time. Not documented: the default is 1 for event-streaming, and 100 for
   * event-driven, where each event is pushed on its own (our own choice).
   */
  readonly concurrency?: number;
}

/** Counters of one rule or stream. */
export interface Counts {
  /** Succeeded, or accepted when asynchronous. */
  delivered: number;
  /** Attempts that failed, retried or not. */
  failedAttempts: number;
  deadLettered: number;
  /** Dropped because there was no dead-letter queue, or because it refused them. */
  discarded: number;
}

export function noCounts(): Counts {
  return { delivered: 0, failedAttempts: 0, deadLettered: 0, discarded: 0 };
}
