/** The part of the handler's context that can be sent to another process. */
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

/** One call for an instance. */
export interface Call {
  /** `load`: only loads the code. */
  readonly kind: 'load' | 'handler' | 'initializer' | 'pre-stop';
  /** The export to call. */
  readonly name: string;
  /** Empty for all kinds but the handler. */
  readonly event: Buffer;
  readonly context: ContextData;
}

/** The body of a failed invocation, in the platform's format. */
export interface FunctionError {
  readonly errorMessage: string;
  readonly errorType?: string;
  readonly stackTrace?: readonly string[];
}

/** How a call ended, as reported by the code that ran it. */
export type CallOutcome =
  | { readonly kind: 'returned'; readonly body: Buffer }
  | {
      readonly kind: 'failed';
      /** True only for an error passed to the callback. */
      readonly handled: boolean;
      readonly error: FunctionError;
    };

/** The message of a child process to its host at the end of a call. */
export interface EndedMessage {
  readonly outcome: CallOutcome;
  readonly rssBytes: number;
  /** The process ends now because of an uncaught error. */
  readonly ending: boolean;
}

/** Environment variables for the bootstrap only. It removes them before any function code runs. */
export const BOOTSTRAP_FILE_VARIABLE = 'LOCAL_FC_CODE_FILE';
export const BOOTSTRAP_MARK_VARIABLE = 'LOCAL_FC_END_MARK';
