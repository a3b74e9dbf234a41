import { randomUUID } from 'node:crypto';
import { Account } from './account.ts';
import { CallCounts } from './calls.ts';
import type { CloudClock } from './clock.ts';
import { FaultBook } from './faults.ts';
import { seededRandom } from './random.ts';
import type { CloudSettings } from './settings.ts';

/** A CloudEvents 1.0 event in EventBridge's envelope. */
export interface CloudEvent {
  readonly id: string;
  readonly source: string;
  readonly specversion: '1.0';
  readonly type: string;
  readonly data?: unknown;
  readonly subject?: string;
  readonly time?: string;
  readonly datacontenttype?: string;
  readonly [extension: string]: unknown;
}

export interface InvokeResult {
  readonly requestId: string;
  /** 200 for an answer or a function error, 202 for an accepted asynchronous call, 404, 429, … */
  readonly status: number;
  /** `X-Fc-Error-Type`, when the function failed. */
  readonly errorType?: string;
  readonly body: Buffer;
}

/** Delivers an event to a function. Function Compute registers itself here. */
export interface FunctionInvoker {
  invoke(
    functionName: string,
    payload: Buffer,
    invocationType: 'Sync' | 'Async',
  ): Promise<InvokeResult>;
}

/** What all services share: clock, account, faults, counters, and the connections between services. */
export interface Kernel {
  readonly settings: CloudSettings;
  readonly clock: CloudClock;
  /**
   * The wall clock that signed requests are checked against. It stays real when `clock` is
   * virtual, because the official SDKs sign with real time.
   */
  readonly wallMs: () => number;
  readonly account: Account;
  readonly faults: FaultBook;
  readonly calls: CallCounts;
  /** Random numbers in [0, 1), repeatable by `settings.seed`. */
  readonly random: () => number;
  /** A request id in Alibaba's form: an upper-case UUID. */
  readonly requestId: () => string;
  /** Puts an event on the default bus. */
  readonly publish: (event: CloudEvent) => void;
  /** EventBridge listens here. */
  readonly onPublish: (listener: (event: CloudEvent) => void) => void;
  /** Set by Function Compute. Until then deliveries to functions fail with 404. */
  functions: FunctionInvoker;
  /** Set by Function Compute: SIGKILL for the instance that these credentials were issued to. */
  killInstance: (instanceId: string) => void;
}

export function createKernel(options: {
  readonly settings: CloudSettings;
  readonly clock: CloudClock;
  readonly wallMs?: () => number;
}): Kernel {
  const { settings, clock } = options;
  const listeners: ((event: CloudEvent) => void)[] = [];
  return {
    settings,
    clock,
    wallMs: options.wallMs ?? (() => Date.now()),
    account: new Account(settings),
    faults: new FaultBook(),
    calls: new CallCounts(),
    random: seededRandom(settings.seed),
    requestId: () => randomUUID().toUpperCase(),
    publish: (event) => {
      for (const listener of listeners) listener(event);
    },
    onPublish: (listener) => {
      listeners.push(listener);
    },
    functions: {
      invoke: (functionName) =>
        Promise.resolve({
          requestId: randomUUID(),
          status: 404,
          body: Buffer.from(JSON.stringify({ Code: 'FunctionNotFound', Message: functionName })),
        }),
    },
    killInstance: () => {},
  };
}
