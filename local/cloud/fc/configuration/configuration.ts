import type { JwtConfig } from '../jwt/config.ts';
import type { Schedule } from './schedule.ts';

/** One function as `s.yaml` describes it, every default filled in. */
export interface FunctionConfig {
  /** The key under `resources`. */
  readonly resource: string;
  readonly functionName: string;
  /** The role of its credentials: the last part of `role`, else the function's name. */
  readonly roleName: string;
  readonly handler: Entry;
  readonly codeFolder: string;
  readonly timeoutSec: number;
  readonly memoryMb: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly initializer: Hook | undefined;
  readonly preStop: Hook | undefined;
  readonly async: AsyncConfig;
  /** `concurrencyConfig.reservedConcurrency`: the most instances at the same time. */
  readonly reservedConcurrency: number | undefined;
  readonly triggers: readonly Trigger[];
  /** The same triggers as `s.yaml` gives them. */
  readonly listed: readonly ListedTrigger[];
}

/** A trigger in the form of the API. */
export interface ListedTrigger {
  readonly triggerName: string;
  readonly triggerType: string;
  readonly qualifier: string;
  readonly triggerConfig: unknown;
}

/** `index.handler`: the file (without its ending) and the export. */
export interface Entry {
  readonly file: string;
  readonly name: string;
}

export interface Hook {
  readonly entry: Entry;
  readonly timeoutSec: number;
}

export interface AsyncConfig {
  readonly maxRetries: number;
  readonly maxAgeSec: number;
  readonly onSuccess: Destination | undefined;
  readonly onFailure: Destination | undefined;
}

export type Destination =
  | { readonly kind: 'queue'; readonly queueName: string }
  | { readonly kind: 'function'; readonly functionName: string };

export type Trigger = HttpTrigger | RuleTrigger | QueueTrigger | TimerTrigger;

/** `authType` and its settings: which requests reach the function. */
export type HttpAuth =
  | { readonly kind: 'anonymous' }
  /** Requests signed with an AccessKey of the account. */
  | { readonly kind: 'function' }
  | { readonly kind: 'jwt'; readonly config: JwtConfig };

export interface HttpTrigger {
  readonly kind: 'http';
  readonly name: string;
  readonly auth: HttpAuth;
  readonly methods: readonly string[];
  readonly disableUrlInternet: boolean;
}

/** The fields of both kinds of EventBridge trigger. */
export interface Delivery {
  readonly name: string;
  readonly enabled: boolean;
  readonly pattern: unknown;
  readonly asyncInvocation: boolean;
  readonly eventSchema: 'CloudEvents' | 'RawData';
  readonly retry: 'BACKOFF_RETRY' | 'EXPONENTIAL_DECAY_RETRY';
  readonly errorsTolerance: 'ALL' | 'NONE';
  readonly deadLetterQueue: string | undefined;
}

/** A rule on the default bus. */
export interface RuleTrigger extends Delivery {
  readonly kind: 'rule';
}

/** An SMQ queue. */
export interface QueueTrigger extends Delivery {
  readonly kind: 'queue';
  readonly queueName: string;
  readonly base64Decode: boolean;
  readonly mode: 'event-streaming' | 'event-driven';
  readonly batch: { readonly count: number; readonly windowMs: number };
}

export interface TimerTrigger {
  readonly kind: 'timer';
  readonly name: string;
  readonly enabled: boolean;
  readonly schedule: Schedule;
  readonly payload: string;
}
