import type { FunctionConfig } from '../configuration/configuration.ts';
import type { Call, CallOutcome } from './protocol.ts';

/** How a call ended. `exited`: the instance ended without reporting. */
export type RunOutcome = CallOutcome | { readonly kind: 'exited' };

export interface RunResult {
  readonly outcome: RunOutcome;
  readonly memoryBytes: number;
  /** The instance accepts no further call. */
  readonly over: boolean;
}

/** One running instance of a function. It is given one call at a time. */
export interface RunningInstance {
  /** Undefined when it has no process of its own. */
  readonly pid: number | undefined;
  /** Never rejects. Settles after all log lines of the call have been passed on. */
  run(call: Call): Promise<RunResult>;
  /** Nothing runs until the next call. */
  freeze(): void;
  /** Ends it at once. A running call ends as `exited`. */
  kill(): void;
}

export interface InstanceSpec {
  readonly config: FunctionConfig;
  readonly instanceId: string;
  /** The complete environment of the function. */
  readonly environment: Readonly<Record<string, string>>;
  readonly onLog: (line: string) => void;
  /** Called once, when the instance has ended for any reason. */
  readonly onEnd: () => void;
}

/** Starts instances. */
export interface Runner {
  /** @throws when no instance can be started, for a reason outside the function */
  start(spec: InstanceSpec): RunningInstance;
}
