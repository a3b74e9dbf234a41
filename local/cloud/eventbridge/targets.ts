/**
 * BACKOFF_RETRY: 3 times. EXPONENTIAL_DECAY_RETRY: 176 times within a day.
 * https://www.alibabacloud.com/help/en/eventbridge/user-guide/retry-and-dead-letter
 */
export type RetryPolicy = 'BACKOFF_RETRY' | 'EXPONENTIAL_DECAY_RETRY';

/** What a rule and a stream have in common: the way to the function, and what if it fails. */
export interface Delivery {
  /** The trigger's name. One function has no two of a name. */
  readonly name: string;
  readonly functionName: string;
  /** True: Function Compute's acceptance is all that EventBridge waits for. */
  readonly asyncInvocation: boolean;
  /** RawData: what is under `data`, without the envelope. */
  readonly eventSchema: 'CloudEvents' | 'RawData';
  readonly retry: RetryPolicy;
  /** When all retries failed. ALL: to the dead-letter queue, else away with it. NONE: a stream stops. */
  readonly errorsTolerance: 'ALL' | 'NONE';
  /** An SMQ queue's name. */
  readonly deadLetterQueue?: string;
}

/** Default bus to function: one event a call. */
export interface EventRule extends Delivery {
  /** JSON, as in `eventRuleFilterPattern`. Checked when the rule is added. */
  readonly pattern: unknown;
}

/** SMQ queue to function. */
export interface QueueStream extends Delivery {
  readonly queueName: string;
  /** Bodies that are base64 are decoded; others go on as they are, since no document says what else. */
  readonly base64Decode: boolean;
  /** event-streaming: an array a call. event-driven: one event object a call, no batch. */
  readonly mode: 'event-streaming' | 'event-driven';
  /** How the elements of the array look. Nobody could verify which; default objects. */
  readonly shape?: 'objects' | 'strings';
  readonly batch: {
    readonly count: number;
    /** From the first message; 0 pushes what is there. */
    readonly windowMs: number;
  };
  /** Messages that do not match are dropped from the queue. */
  readonly pattern?: unknown;
  /**
   * Pushes under way at the same time. Not documented; by default 1 for a stream. Event-driven events
   * go over a bus, each on its own, so there by default 100 (our own choice).
   */
  readonly concurrency?: number;
}

/** What became of the events of one rule or stream. */
export interface Counts {
  /** Answered well, or accepted when asynchronous. */
  delivered: number;
  /** Attempts that failed, retried or not. */
  failedAttempts: number;
  deadLettered: number;
  /** Given up without a dead-letter queue, or with one that did not take them. */
  discarded: number;
}

export function noCounts(): Counts {
  return { delivered: 0, failedAttempts: 0, deadLettered: 0, discarded: 0 };
}
