import type { EventBridge } from '../eventbridge/index.ts';
import type { FunctionInvoker, Kernel } from '../kernel/kernel.ts';
import type { Service } from '../kernel/service.ts';
import type { WireReply, WireRequest } from '../../http/wire.ts';
import { addEventTriggers } from './triggers/add-event-triggers.ts';
import { fcApi } from './api/api.ts';
import { AsyncInvoker } from './invocations/async-invoker.ts';
import type { Destination, FunctionConfig } from './configuration/configuration.ts';
import { httpTrigger } from './triggers/http-trigger.ts';
import { InstancePool } from './instances/instance-pool.ts';
import { type Invocation, notRun } from './invocations/invocation.ts';
import { fcRequestId } from './api/request-id.ts';
import type { Runner } from './instances/runner.ts';
import { startTimer } from './triggers/timer.ts';

export type { FunctionConfig, Trigger } from './configuration/configuration.ts';
export { ConfigError } from './configuration/config-error.ts';

export interface FunctionComputeOptions {
  /** From `readServerlessYaml`. */
  readonly functions: readonly FunctionConfig[];
  readonly runner: Runner;
  /** Overrides the environment of `s.yaml`. It is read when an instance starts. */
  readonly environment: (functionName: string) => Readonly<Record<string, string>>;
  readonly onLog: (functionName: string, line: string) => void;
  /** Delivers to the destinations of asynchronous invocations. */
  readonly sendToQueue: (queueName: string, body: string) => void;
  /** The URL of a function's HTTP trigger; undefined until it listens. */
  readonly urlOf?: (config: FunctionConfig) => string | undefined;
}

/** The Function Compute host. */
export interface FunctionCompute extends FunctionInvoker {
  readonly service: Service;
  readonly functions: readonly FunctionConfig[];
  /** Answers one request of a function's HTTP trigger; undefined when it has none. */
  httpTrigger(functionName: string): ((request: WireRequest) => Promise<WireReply>) | undefined;
  /** Plain JSON. */
  state(): object;
  /** No invocation runs, waits, or will be retried. Timers are not counted. */
  isIdle(): boolean;
  /** Ends every instance and resolves when the last one has ended. */
  stop(): Promise<void>;
}

/**
 * Hosts the functions of an `s.yaml` and their triggers. It sets `kernel.functions` and
 * `kernel.killInstance`.
 *
 * Not emulated: versions and aliases, memory limits, reclaiming instances that stay idle, tasks,
 * custom domains.
 *
 * @throws {ConfigError} for a trigger that cannot be set up
 */
export function createFunctionCompute(
  kernel: Kernel,
  eventbridge: Pick<EventBridge, 'addRule' | 'addStream'>,
  options: FunctionComputeOptions,
): FunctionCompute {
  const configs = new Map(options.functions.map((config) => [config.functionName, config]));
  const pools = new Map(
    options.functions.map((config) => [
      config,
      new InstancePool({
        kernel,
        runner: options.runner,
        config,
        environment: () => options.environment(config.functionName),
        onLog: (line) => options.onLog(config.functionName, line),
      }),
    ]),
  );
  const run = (config: FunctionConfig, payload: Buffer, requestId: string, retryCount = 0) =>
    pools.get(config)!.invoke(payload, requestId, retryCount);
  const later = new AsyncInvoker({ kernel, run, deliver });
  const ports = {
    kernel,
    find: (functionName: string) => configs.get(functionName),
    urlOf: options.urlOf ?? (() => undefined),
    invoke: (config: FunctionConfig, payload: Buffer, requestId: string) =>
      run(config, payload, requestId),
    invokeLater: (config: FunctionConfig, payload: Buffer, requestId: string) =>
      later.accept(config, payload, requestId),
  };

  async function invoke(
    functionName: string,
    payload: Buffer,
    invocationType: 'Sync' | 'Async',
  ): Promise<Invocation> {
    const requestId = fcRequestId(kernel.clock.nowMs());
    const config = configs.get(functionName);
    if (config === undefined) {
      const message = `function '${functionName}' does not exist`;
      return notRun(requestId, 404, 'FunctionNotFound', message);
    }
    if (invocationType === 'Sync') return run(config, payload, requestId);
    later.accept(config, payload, requestId);
    return { ...notRun(requestId, 202, '', ''), body: Buffer.alloc(0) };
  }

  function deliver(destination: Destination, message: string): void {
    switch (destination.kind) {
      case 'queue':
        options.sendToQueue(destination.queueName, message);
        return;
      case 'function':
        void invoke(destination.functionName, Buffer.from(message), 'Async');
    }
  }

  const invoker: FunctionInvoker = { invoke: async (...args) => told(await invoke(...args)) };
  kernel.functions = invoker;
  kernel.killInstance = (instanceId) => {
    for (const pool of pools.values()) if (pool.kill(instanceId)) return;
  };
  for (const config of options.functions) addEventTriggers(eventbridge, config);
  const timers = options.functions.flatMap((config) =>
    config.triggers.flatMap((trigger) => {
      if (trigger.kind !== 'timer' || !trigger.enabled) return [];
      // Timers invoke asynchronously, like every event source without a waiting caller.
      const fire = (event: Buffer) =>
        later.accept(config, event, fcRequestId(kernel.clock.nowMs()));
      return startTimer(kernel.clock, trigger, fire);
    }),
  );

  return {
    ...invoker,
    service: fcApi(ports),
    functions: options.functions,
    httpTrigger(functionName) {
      const config = configs.get(functionName);
      const trigger = config?.triggers.find((each) => each.kind === 'http');
      return trigger && config && httpTrigger(config, trigger, ports);
    },
    state: () => ({
      functions: Object.fromEntries(
        [...pools].map(([config, pool]) => [
          config.functionName,
          {
            resource: config.resource,
            triggers: config.triggers.map(({ kind, name }) => ({ kind, name })),
            ...pool.state(),
          },
        ]),
      ),
      async: later.state(),
    }),
    isIdle: () => later.isIdle() && [...pools.values()].every((pool) => pool.isIdle()),
    async stop() {
      for (const cancel of timers) cancel();
      later.stop();
      await Promise.all([...pools.values()].map((pool) => pool.stop()));
    },
  };
}

function told({ requestId, status, errorType, body }: Invocation) {
  return { requestId, status, body, ...(errorType !== undefined && { errorType }) };
}
