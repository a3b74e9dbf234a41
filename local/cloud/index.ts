import { join } from 'node:path';
import { control } from './control/index.ts';
import { createEcs, type Ecs, type FleetSeed } from './ecs/index.ts';
import { createEventBridge, type EventBridge } from './eventbridge/index.ts';
import { buildBootstrap } from './fc/processes/build-bootstrap.ts';
import { childProcessRunner } from './fc/processes/child-process-runner.ts';
import { bodyTooLarge } from './fc/triggers/http-trigger.ts';
import { createFunctionCompute, type FunctionCompute, type FunctionConfig } from './fc/index.ts';
import { inProcessRunner, type ModuleFactory } from './fc/instances/in-process-runner.ts';
import { queuesOf } from './fc/configuration/queues-of.ts';
import { readServerlessYaml } from './fc/configuration/read-s-yaml.ts';
import { createRunFile, endLeftovers, type RunFile } from './fc/processes/run-file.ts';
import type { Runner } from './fc/instances/runner.ts';
import { type CloudClock, realClock, type VirtualClock } from './kernel/clock.ts';
import { createKernel, type Kernel } from './kernel/kernel.ts';
import { serve } from './kernel/serve.ts';
import { listen } from '../http/listen.ts';
import type { Service } from './kernel/service.ts';
import { settingsWith, type SettingsChange } from './kernel/settings.ts';
import { NetworkPorts } from '../http/network-ports.ts';
import { createSmq, type Smq } from './smq/index.ts';
import { createTablestore, type Tablestore } from './tablestore/index.ts';

export { PortTakenError } from '../http/network-ports.ts';

export interface CloudOptions {
  readonly settings?: SettingsChange;
  readonly sYamlPath: string;
  /** The port base: the first of the network ports below. 0 (default) takes free ports. */
  readonly portBase?: number;
  /** By key under `resources` of `s.yaml`: the port of the HTTP trigger, relative to `portBase`. */
  readonly httpPortOffsets?: Readonly<Record<string, number>>;
  /** Of the queues that are created for `s.yaml`. Default: SMQ's own. */
  readonly queueAttributes?: Parameters<Smq['createQueue']>[1];
  /** Values of `${env…}` in `s.yaml`. Default: those of this process. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Overrides the environment of `s.yaml`. It is read when a function instance starts. */
  readonly environment?: (
    endpoints: Endpoints,
    config: FunctionConfig,
  ) => Readonly<Record<string, string>>;
  readonly functions: FunctionsRun;
  readonly onLog?: (functionName: string, line: string) => void;
}

export type FunctionsRun =
  /** Each instance is a Node process, recorded in `stateFolder`. Time is real. */
  | { readonly kind: 'processes'; readonly stateFolder: string }
  /** Everything runs in this process. `modules` are by function name. With `clock`, time is virtual. */
  | {
      readonly kind: 'in-process';
      readonly modules: Readonly<Record<string, ModuleFactory>>;
      readonly clock?: VirtualClock;
    };

/** `http://127.0.0.1:<port>`, without a slash at the end. */
export interface Endpoints {
  readonly ecs: string;
  readonly smq: string;
  readonly tablestore: string;
  readonly fc: string;
  readonly eventbridge: string;
  readonly control: string;
  /** HTTP triggers, by key under `resources` of `s.yaml`. */
  readonly http: Readonly<Record<string, string>>;
}

/** The whole local cloud, running. */
export interface Cloud {
  readonly kernel: Kernel;
  readonly ecs: Ecs;
  readonly smq: Smq;
  readonly tablestore: Tablestore;
  readonly eventbridge: EventBridge;
  readonly fc: FunctionCompute;
  readonly endpoints: Endpoints;
  /** @throws SeedError */
  seed(fleet: FleetSeed): ReturnType<Ecs['seed']>;
  /** The answer of `GET /state`, as plain JSON. */
  state(): Record<string, unknown>;
  /** Nothing is being invoked or delivered, or waits for a retry. Timers and ECS are not counted. */
  isIdle(): boolean;
  /** Ends every process and every listener. Further calls do nothing. */
  stop(): Promise<void>;
}

const OFFSETS = { ecs: 1, smq: 2, tablestore: 3, fc: 4, eventbridge: 5, control: 9 } as const;

/**
 * Starts the local cloud. It first ends the processes that a killed run has left, as recorded in the state
 * folder. It creates the queues that `s.yaml` names.
 *
 * @throws {ConfigError} for an `s.yaml` that cannot be carried out
 * @throws {PortTakenError}
 */
export async function createCloud(options: CloudOptions): Promise<Cloud> {
  const { portBase = 0, functions: run } = options;
  const settings = settingsWith(options.settings ?? {});
  const functions = readServerlessYaml({
    sYamlPath: options.sYamlPath,
    env: options.env ?? process.env,
    config: { AccountID: settings.accountId, AccessKeyID: settings.accessKeyId },
  });
  const virtual = run.kind === 'in-process' ? run.clock : undefined;
  const real = realClock();
  const clock: CloudClock = virtual ?? real;
  const kernel = createKernel({ settings, clock });
  const ecs = createEcs(kernel);
  const smq = createSmq(kernel);
  const tablestore = createTablestore(kernel);
  const eventbridge = createEventBridge(kernel, smq);
  for (const queueName of queuesOf(functions)) {
    smq.createQueue(queueName, options.queueAttributes);
  }

  const { runner, runFile } = await runnerOf(run, portBase);
  const ports = new NetworkPorts(portBase);
  let endpoints: Endpoints | undefined;
  const fc = createFunctionCompute(kernel, eventbridge, {
    functions,
    runner,
    environment: (functionName) => {
      const config = functions.find((each) => each.functionName === functionName)!;
      return endpoints === undefined ? {} : (options.environment?.(endpoints, config) ?? {});
    },
    onLog: options.onLog ?? (() => {}),
    sendToQueue: (queueName, body) => {
      smq.send(queueName, body);
    },
    urlOf: ({ resource }) => endpoints?.http[resource],
  });

  let stopping: Promise<void> | undefined;
  const stop = async () => {
    eventbridge.stop();
    await fc.stop();
    await ports.close();
    real.stop();
    runFile?.close();
  };
  const state = () => ({
    nowMs: clock.nowMs(),
    settings,
    endpoints,
    ecs: ecs.state(),
    smq: smq.state(),
    tablestore: tablestore.state(),
    eventbridge: eventbridge.state(),
    fc: fc.state(),
    calls: kernel.calls.toJSON(),
    faults: kernel.faults.toJSON(),
  });
  const openService = (service: Service, offset: number) =>
    ports.open(service.name, offset, (port) => serve(kernel, service, port));
  try {
    const http: Record<string, string> = {};
    for (const { resource, functionName } of functions) {
      const answer = fc.httpTrigger(functionName);
      if (answer === undefined) continue;
      const offset = options.httpPortOffsets?.[resource];
      http[resource] = await ports.open(`the HTTP trigger of ${resource}`, offset, (port) =>
        listen(port, answer, () => bodyTooLarge(clock.nowMs())),
      );
    }
    const answerControl = control({
      state,
      replaceFaults: (faults) => kernel.faults.replace(faults),
      faults: () => kernel.faults.toJSON(),
      seed: (fleet) => ecs.seed(fleet as FleetSeed),
      launch: (launchCall) => ecs.launch(launchCall),
      advance: virtual && advanceOf(virtual),
    });
    endpoints = {
      ecs: await openService(ecs.service, OFFSETS.ecs),
      smq: await openService(smq.service, OFFSETS.smq),
      tablestore: await openService(tablestore.service, OFFSETS.tablestore),
      fc: await openService(fc.service, OFFSETS.fc),
      eventbridge: await openService(eventbridge.service, OFFSETS.eventbridge),
      control: await ports.open('control', OFFSETS.control, (port) => listen(port, answerControl)),
      http,
    };
    runFile?.open();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    kernel,
    ecs,
    smq,
    tablestore,
    eventbridge,
    fc,
    endpoints,
    seed: (fleet) => ecs.seed(fleet),
    state,
    isIdle: () => fc.isIdle() && eventbridge.idle(),
    stop: () => (stopping ??= stop()),
  };
}

function advanceOf(clock: VirtualClock): (ms: number) => number {
  return (ms) => {
    clock.advance(ms);
    return clock.nowMs();
  };
}

async function runnerOf(
  run: FunctionsRun,
  portBase: number,
): Promise<{ runner: Runner; runFile: RunFile | undefined }> {
  switch (run.kind) {
    case 'in-process':
      return { runner: inProcessRunner(run.modules), runFile: undefined };
    case 'processes': {
      const bootstrapPath = await buildBootstrap(join(run.stateFolder, 'bootstrap'));
      await endLeftovers(run.stateFolder, portBase);
      const runFile = createRunFile(run.stateFolder, portBase);
      return { runner: childProcessRunner(bootstrapPath, runFile), runFile };
    }
  }
}
