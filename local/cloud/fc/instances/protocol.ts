/** The part of the handler's context that can cross a process border (facts: fc §1.3). */
export interface ContextData {
  readonly requestId: string;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly accessKeySecret: string;
    readonly securityToken: string;
  };
  readonly function: {
    readonly name: string;
    readonly handler: string;
    /** MB */
    readonly memory: number;
    /** Seconds */
    readonly timeout: number;
    readonly initializer?: string;
    readonly initializationTimeout?: number;
  };
  readonly service: {
    readonly logProject: string;
    readonly logStore: string;
    readonly qualifier: string;
    readonly versionId: string;
  };
  readonly region: string;
  readonly accountId: string;
  readonly retryCount: number;
  readonly tracing: { readonly openTracingSpanBaggages: object };
}

/** What an instance is asked to run. */
export interface Call {
  /** `load`: nothing but the code is loaded. */
  readonly kind: 'load' | 'handler' | 'initializer' | 'pre-stop';
  /** The export to call. */
  readonly name: string;
  /** Empty for everything but the handler. */
  readonly event: Buffer;
  readonly context: ContextData;
}

/** The body of a failed invocation, as the platform words it (facts: fc §1.7). */
export interface FunctionError {
  readonly errorMessage: string;
  readonly errorType?: string;
  readonly stackTrace?: readonly string[];
}

/** How a call ended, as far as the code that ran it can tell. */
export type CallOutcome =
  | { readonly kind: 'returned'; readonly body: Buffer }
  | {
      readonly kind: 'failed';
      /** Only an error handed to the callback counts as handled. */
      readonly handled: boolean;
      readonly error: FunctionError;
    };

/** What a child process tells its host when a call has ended. */
export interface EndedMessage {
  readonly outcome: CallOutcome;
  readonly rssBytes: number;
  /** The process ends now: nobody caught an error. */
  readonly ending: boolean;
}

/** Environment variables for the bootstrap alone; it removes them before any function code runs. */
export const BOOTSTRAP_FILE_VARIABLE = 'LOCAL_FC_CODE_FILE';
export const BOOTSTRAP_MARK_VARIABLE = 'LOCAL_FC_END_MARK';
