import { functionError, type FunctionModule, runCall } from './run-call.ts';
import type { InstanceSpec, Runner, RunningInstance, RunResult } from './runner.ts';

/** Makes the module of one new instance, in place of loading its bundle. */
export type ModuleFactory = (
  environment: Readonly<Record<string, string>>,
) => FunctionModule | Promise<FunctionModule>;

/**
 * Runs functions inside this process, so that time can be virtual.
 *
 * Nothing can be frozen. Killing an instance does not stop running code: its call ends as `exited` and its
 * credentials become invalid, which is all that the rest of the cloud can see. Output of the functions is not
 * collected.
 *
 * @param modules by function name
 */
export function inProcessRunner(modules: Readonly<Record<string, ModuleFactory>>): Runner {
  return {
    start: (spec) => {
      const { functionName } = spec.config;
      const missing: ModuleFactory = () => {
        throw new Error(`Cannot run "${functionName}": no module is given for it`);
      };
      return instance(modules[functionName] ?? missing, spec);
    },
  };
}

function instance(factory: ModuleFactory, spec: InstanceSpec): RunningInstance {
  const gone: RunResult = { outcome: { kind: 'exited' }, memoryBytes: 0, over: true };
  let module: Promise<FunctionModule> | undefined;
  let killed = false;
  let interrupt = () => {};
  return {
    pid: undefined,
    async run(call) {
      if (killed) return gone;
      const interrupted = new Promise<RunResult>((resolve) => {
        interrupt = () => resolve(gone);
      });
      module ??= (async () => factory(spec.environment))();
      const ran = module.then(
        async (loaded): Promise<RunResult> => ({
          outcome: await runCall(loaded, call),
          memoryBytes: 0,
          over: false,
        }),
        (error: unknown): RunResult => ({
          outcome: { kind: 'failed', handled: false, error: functionError(error) },
          memoryBytes: 0,
          over: true,
        }),
      );
      return Promise.race([ran, interrupted]);
    },
    freeze() {},
    kill() {
      if (killed) return;
      killed = true;
      interrupt();
      spec.onEnd();
    },
  };
}
