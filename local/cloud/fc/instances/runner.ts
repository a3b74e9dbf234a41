import type { FunctionConfig } from '../configuration/configuration.ts';
import type { Call, CallOutcome } from './protocol.ts';

/** How a call ended. `exited`: the instance is gone and said nothing. */
export type RunOutcome = CallOutcome | { readonly kind: 'exited' };

export interface RunResult {
  readonly outcome: RunOutcome;
  readonly memoryBytes: number;
  /** The instance takes no further call. */
  readonly over: boolean;
}

/** One running instance of a function. It is given one call at a time. */
export interface RunningInstance {
  /** Undefined when it has no process of its own. */
  readonly pid: number | undefined;
  /** Never rejects. Settles after every line that the call logged has been handed over. */
  run(call: Call): Promise<RunResult>;
  /** Nothing runs until the next call. */
  freeze(): void;
  /** Ends it at once: a call under way ends as `exited`. */
  kill(): void;
}

export interface InstanceSpec {
  readonly config: FunctionConfig;
  readonly instanceId: string;
  /** All of it: what is not in here does not exist for the function. */
  readonly environment: Readonly<Record<string, string>>;
  readonly onLog: (line: string) => void;
  /** It ended, by whatever cause; told once. */
  readonly onEnd: () => void;
}

/** What instances run on. */
export interface Runner {
  /** @throws when no instance can be had, for a reason that is no fault of the function */
  start(spec: InstanceSpec): RunningInstance;
}
