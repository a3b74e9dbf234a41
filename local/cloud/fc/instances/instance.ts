import type { Cancel } from '../../kernel/clock.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { FunctionConfig, Hook } from '../configuration/configuration.ts';
import { contextOf, environmentOf } from './instance-context.ts';
import type { Call, ContextData } from './protocol.ts';
import type { RunningInstance, RunOutcome, Runner } from './runner.ts';

export type LimitedOutcome = RunOutcome | { readonly kind: 'timed-out'; readonly limitSec: number };

export interface Unprepared {
  readonly phase: 'load' | 'initializer';
  readonly outcome: LimitedOutcome;
}

/** The longest cold start. Our own choice. */
const MAX_LOAD_SEC = 60;

/** What an instance needs to start. */
export interface InstanceSource {
  readonly kernel: Kernel;
  readonly runner: Runner;
  readonly config: FunctionConfig;
  /** Overrides the environment of `s.yaml`. */
  readonly environment: () => Readonly<Record<string, string>>;
  readonly onLog: (line: string) => void;
}

/** One instance with its credentials. It enforces the time limits. */
export class Instance {
  readonly id: string;
  readonly startedMs: number;
  invocations = 0;
  memoryBytes = 0;
  /** The log lines of the current call. */
  log: string[] = [];
  readonly ended: Promise<void>;
  /** It accepts no more calls. Its process may still be ending. */
  isOver = false;
  #prepared = false;
  readonly #source: InstanceSource;
  readonly #credentials: ContextData['credentials'];
  readonly #running: RunningInstance;

  /** @param onEnd called once, when the instance has ended for any reason */
  constructor(source: InstanceSource, id: string, onEnd: (instance: Instance) => void) {
    const { kernel, config } = source;
    this.id = id;
    this.startedMs = kernel.clock.nowMs();
    this.#source = source;
    this.#credentials = kernel.account.issueSts(config.functionName, id, config.roleName);
    let settle = () => {};
    this.ended = new Promise((resolve) => {
      settle = resolve;
    });
    this.#running = source.runner.start({
      config,
      instanceId: id,
      environment: environmentOf(source, this.#credentials, id),
      onLog: (line) => {
        this.log.push(line);
        source.onLog(line);
      },
      onEnd: () => {
        this.isOver = true;
        kernel.account.revoke(this.#credentials.accessKeyId);
        settle();
        onEnd(this);
      },
    });
  }

  get pid(): number | undefined {
    return this.#running.pid;
  }

  /** Loads the code and runs the initializer, once. Returns the failure and its phase. */
  async prepare(requestId: string): Promise<Unprepared | undefined> {
    if (this.#prepared) return undefined;
    const { initializer, handler } = this.#source.config;
    // Loading has its own time limit. The function's timeout is for its handler.
    const load: Hook = { entry: handler, timeoutSec: MAX_LOAD_SEC };
    const loaded = await this.#hook('load', load, requestId);
    if (loaded.kind !== 'returned') return { phase: 'load', outcome: loaded };
    if (initializer !== undefined) {
      const initialized = await this.#hook('initializer', initializer, requestId);
      if (initialized.kind !== 'returned') return { phase: 'initializer', outcome: initialized };
    }
    this.#prepared = true;
    return undefined;
  }

  handle(event: Buffer, requestId: string, retryCount: number): Promise<LimitedOutcome> {
    const { handler, timeoutSec } = this.#source.config;
    this.invocations += 1;
    return this.#within(timeoutSec, {
      kind: 'handler',
      name: handler.name,
      event,
      context: this.#context(requestId, retryCount),
    });
  }

  freeze(): void {
    this.#running.freeze();
  }

  kill(): void {
    this.isOver = true;
    this.#running.kill();
  }

  /** Runs preStop, where there is one, and ends the instance. */
  async stop(requestId: string): Promise<void> {
    const { preStop } = this.#source.config;
    if (preStop !== undefined && this.#prepared && !this.isOver)
      await this.#hook('pre-stop', preStop, requestId);
    this.kill();
    await this.ended;
  }

  #hook(kind: Call['kind'], hook: Hook, requestId: string): Promise<LimitedOutcome> {
    return this.#within(hook.timeoutSec, {
      kind,
      name: hook.entry.name,
      event: Buffer.alloc(0),
      context: this.#context(requestId, 0),
    });
  }

  /** Ends an instance that exceeded its time limit. */
  async #within(limitSec: number, call: Call): Promise<LimitedOutcome> {
    let cancel: Cancel = () => {};
    const timedOut = new Promise<LimitedOutcome>((resolve) => {
      cancel = this.#source.kernel.clock.after(limitSec * 1_000, () => {
        resolve({ kind: 'timed-out', limitSec });
        this.kill();
      });
    });
    const ran = this.#running.run(call).then(({ outcome, memoryBytes, over }) => {
      this.memoryBytes = Math.max(this.memoryBytes, memoryBytes);
      if (over) this.kill();
      return outcome;
    });
    const outcome = await Promise.race([timedOut, ran]);
    cancel();
    return outcome;
  }

  #context(requestId: string, retryCount: number): ContextData {
    const { kernel, config } = this.#source;
    return contextOf(kernel, config, this.#credentials, requestId, retryCount);
  }
}
