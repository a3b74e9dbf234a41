import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildBootstrap } from '../../../local/cloud/fc/processes/build-bootstrap.ts';
import { childProcessRunner } from '../../../local/cloud/fc/processes/child-process-runner.ts';
import {
  createFunctionCompute,
  type FunctionCompute,
  type FunctionConfig,
} from '../../../local/cloud/fc/index.ts';
import {
  inProcessRunner,
  type ModuleFactory,
} from '../../../local/cloud/fc/instances/in-process-runner.ts';
import { readServerlessYaml } from '../../../local/cloud/fc/configuration/read-s-yaml.ts';
import { createRunFile } from '../../../local/cloud/fc/processes/run-file.ts';
import type { Runner } from '../../../local/cloud/fc/instances/runner.ts';
import { type CloudClock, realClock } from '../../../local/cloud/kernel/clock.ts';
import {
  createKernel,
  type InvokeResult,
  type Kernel,
} from '../../../local/cloud/kernel/kernel.ts';
import { settingsWith, type SettingsChange } from '../../../local/cloud/kernel/settings.ts';

export const FIXTURES = fileURLToPath(new URL('./fixtures', import.meta.url));

export interface Host {
  readonly kernel: Kernel;
  readonly fc: FunctionCompute;
  readonly logs: string[];
  readonly rules: Record<string, unknown>[];
  readonly streams: Record<string, unknown>[];
  readonly sent: { readonly queueName: string; readonly body: string }[];
  readonly stateFolder: string;
  call(name: string, request?: object): Promise<InvokeResult>;
}

export interface HostOptions {
  readonly settings?: SettingsChange;
  readonly clock?: CloudClock;
  /** In process instead of in child processes, by function name. */
  readonly modules?: Readonly<Record<string, ModuleFactory>>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly urlOf?: (config: FunctionConfig) => string | undefined;
}

/** The host with the functions of `fixtures/s.yaml`, and nothing else of the cloud. */
export async function startHost(
  onTestFinished: (run: () => Promise<void>) => void,
  options: HostOptions = {},
): Promise<Host> {
  const stateFolder = mkdtempSync(join(tmpdir(), 'fc-host-'));
  const clock = options.clock ?? realClock();
  const kernel = createKernel({ settings: settingsWith(options.settings ?? {}), clock });
  const host = {
    logs: [] as string[],
    rules: [] as Record<string, unknown>[],
    streams: [] as Record<string, unknown>[],
    sent: [] as { queueName: string; body: string }[],
  };
  const fc = createFunctionCompute(
    kernel,
    {
      addRule: (rule) => void host.rules.push({ ...rule }),
      addStream: (stream) => void host.streams.push({ ...stream }),
    },
    {
      functions: readFixtures(),
      runner: options.modules ? inProcessRunner(options.modules) : await processes(stateFolder),
      environment: () => options.environment ?? {},
      onLog: (_, line) => host.logs.push(line),
      sendToQueue: (queueName, body) => host.sent.push({ queueName, body }),
      ...(options.urlOf && { urlOf: options.urlOf }),
    },
  );
  onTestFinished(async () => {
    await fc.stop();
    if ('stop' in clock) (clock as ReturnType<typeof realClock>).stop();
    rmSync(stateFolder, { recursive: true, force: true });
  });
  return {
    ...host,
    kernel,
    fc,
    stateFolder,
    call: (name, request = {}) =>
      fc.invoke(`fixture-${name}`, Buffer.from(JSON.stringify(request)), 'Sync'),
  };
}

export function readFixtures(sYamlPath = join(FIXTURES, 's.yaml')) {
  return readServerlessYaml({
    sYamlPath,
    env: {},
    config: { AccountID: '1000000000000000' },
  });
}

async function processes(stateFolder: string): Promise<Runner> {
  const bootstrapPath = await buildBootstrap(stateFolder);
  const runFile = createRunFile(stateFolder, 0);
  runFile.open();
  return childProcessRunner(bootstrapPath, runFile);
}

/** What a fixture answered, as JSON. */
export function json(result: { readonly body: Buffer | string }): Record<string, unknown> {
  return JSON.parse(result.body.toString()) as Record<string, unknown>;
}
