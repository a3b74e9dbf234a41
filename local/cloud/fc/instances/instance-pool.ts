import { randomUUID } from 'node:crypto';
import { Instance, type InstanceSource, type LimitedOutcome } from './instance.ts';
import { type Invocation, notRun } from '../invocations/invocation.ts';
import type { FunctionError } from './protocol.ts';

/** Requests that wait for an instance; more are throttled. Our own choice. */
const MAX_WAITING = 1_000;
/** Log lines kept for the state page. Our own choice. */
const MAX_LOG_LINES = 100;

/** The instances of one function. Each handles one request at a time, and more are started under load. */
export class InstancePool {
  readonly #source: InstanceSource;
  readonly #maxInstances: number;
  readonly #all = new Map<string, Instance>();
  /** The most recently used instance is at the end, and is used first. */
  readonly #idle: Instance[] = [];
  readonly #waiting: ((instance: Instance | undefined) => void)[] = [];
  readonly #recentLog: string[] = [];
  readonly #counts = { invocations: 0, errors: 0, throttled: 0, instancesStarted: 0 };
  #stopped = false;

  constructor(source: InstanceSource) {
    const { config, kernel } = source;
    this.#source = {
      ...source,
      onLog: (line) => {
        this.#recentLog.push(line);
        if (this.#recentLog.length > MAX_LOG_LINES) this.#recentLog.shift();
        source.onLog(line);
      },
    };
    this.#maxInstances = Math.min(
      kernel.settings.fc.maxInstancesPerFunction,
      config.reservedConcurrency ?? Number.POSITIVE_INFINITY,
    );
  }

  /** Never rejects because of what a function does. */
  async invoke(event: Buffer, requestId: string, retryCount: number): Promise<Invocation> {
    if (this.#waiting.length >= MAX_WAITING) {
      this.#counts.throttled += 1;
      const message = 'The request was throttled: all instances of the function are in use';
      return notRun(requestId, 429, 'ResourceExhausted', message);
    }
    const instance = await this.#acquire();
    if (instance === undefined) {
      return notRun(requestId, 503, 'ResourceThrottled', 'Function Compute is shutting down');
    }
    const startedMs = this.#source.kernel.clock.nowMs();
    instance.log = [];
    this.#counts.invocations += 1;
    const failed = await instance.prepare(requestId);
    const outcome = failed?.outcome ?? (await instance.handle(event, requestId, retryCount));
    const durationMs = this.#source.kernel.clock.nowMs() - startedMs;
    const { log } = instance;
    // After a failed cold start the next invocation gets a new instance.
    if (failed !== undefined) instance.kill();
    this.#release(instance);
    const told = tell(outcome, durationMs, instance.memoryBytes);
    const errorType = failed?.phase === 'initializer' ? 'InitializationError' : told.errorType;
    if (errorType !== undefined) this.#counts.errors += 1;
    return {
      requestId,
      status: 200,
      errorType,
      body: told.body,
      instanceId: instance.id,
      durationMs,
      memoryBytes: instance.memoryBytes,
      log,
    };
  }

  /** @returns false when this function has no such instance */
  kill(instanceId: string): boolean {
    const instance = this.#all.get(instanceId);
    instance?.kill();
    return instance !== undefined;
  }

  /** Ends every instance: an idle one after its preStop hook, a busy one at once. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const resolve of this.#waiting.splice(0)) resolve(undefined);
    const idle = new Set(this.#idle.splice(0));
    await Promise.all(
      [...this.#all.values()].map((instance) => {
        if (idle.has(instance)) return instance.stop(this.#source.kernel.requestId());
        instance.kill();
        return instance.ended;
      }),
    );
  }

  isIdle(): boolean {
    return this.#waiting.length === 0 && this.#idle.length === this.#all.size;
  }

  state(): object {
    const idle = new Set(this.#idle);
    return {
      ...this.#counts,
      waiting: this.#waiting.length,
      instances: [...this.#all.values()].map((instance) => ({
        instanceId: instance.id,
        pid: instance.pid ?? null,
        status: idle.has(instance) ? 'frozen' : 'busy',
        startedMs: instance.startedMs,
        invocations: instance.invocations,
        memoryBytes: instance.memoryBytes,
      })),
      log: [...this.#recentLog],
    };
  }

  async #acquire(): Promise<Instance | undefined> {
    if (this.#stopped) return undefined;
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
      if (!idle.isOver) return idle;
    }
    if (this.#all.size < this.#maxInstances) return this.#start();
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  #start(): Instance {
    const id = `c-${randomUUID()}`;
    const instance = new Instance(this.#source, id, (ended) => this.#forget(ended));
    this.#counts.instancesStarted += 1;
    this.#all.set(id, instance);
    return instance;
  }

  /** Removes an instance that is over. It makes room only when its process has ended. */
  #release(instance: Instance): void {
    if (instance.isOver || this.#stopped) return;
    const next = this.#waiting.shift();
    if (next !== undefined) {
      next(instance);
      return;
    }
    instance.freeze();
    this.#idle.push(instance);
  }

  #forget(instance: Instance): void {
    this.#all.delete(instance.id);
    const index = this.#idle.indexOf(instance);
    if (index >= 0) this.#idle.splice(index, 1);
    this.#serveNext();
  }

  /** Starts an instance if there is room and a request waits. */
  #serveNext(): void {
    if (this.#stopped || this.#all.size >= this.#maxInstances) return;
    this.#waiting.shift()?.(this.#start());
  }
}

function tell(
  outcome: LimitedOutcome,
  durationMs: number,
  memoryBytes: number,
): { readonly errorType: string | undefined; readonly body: Buffer } {
  switch (outcome.kind) {
    case 'returned':
      return { errorType: undefined, body: outcome.body };
    case 'failed': {
      const errorType = outcome.handled ? 'HandledInvocationError' : 'UnhandledInvocationError';
      return { errorType, body: bodyOf(outcome.error) };
    }
    case 'exited': {
      const used = `duration: ${durationMs}ms, maxMemoryUsage: ${Math.round(memoryBytes / 2 ** 20)}MB`;
      const errorMessage = `Process exited unexpectedly before completing request (${used})`;
      return { errorType: 'UnhandledInvocationError', body: bodyOf({ errorMessage }) };
    }
    case 'timed-out': {
      const errorMessage = `Function timed out after ${outcome.limitSec} seconds`;
      return { errorType: 'UnhandledInvocationError', body: bodyOf({ errorMessage }) };
    }
  }
}

function bodyOf(error: FunctionError): Buffer {
  return Buffer.from(JSON.stringify(error));
}
