import type { Kernel } from '../../kernel/kernel.ts';
import type { Entry, FunctionConfig } from '../configuration/configuration.ts';
import type { ContextData } from './protocol.ts';

/** The handler's second argument. */
export function contextOf(
  kernel: Kernel,
  { functionName, handler, memoryMb, timeoutSec, initializer }: FunctionConfig,
  credentials: ContextData['credentials'],
  requestId: string,
  retryCount: number,
): ContextData {
  return {
    requestId,
    credentials,
    function: {
      name: functionName,
      handler: textOf(handler),
      memory: memoryMb,
      timeout: timeoutSec,
      ...(initializer && {
        initializer: textOf(initializer.entry),
        initializationTimeout: initializer.timeoutSec,
      }),
    },
    service: { logProject: '', logStore: '', qualifier: 'LATEST', versionId: '' },
    region: kernel.settings.regionId,
    accountId: kernel.account.id,
    retryCount,
    tracing: { openTracingSpanBaggages: {} },
  };
}

/**
 * Every environment variable of an instance. The names are those of the official emulator, fc3
 * src/subCommands/local/impl/baseLocal.ts.
 */
export function environmentOf(
  source: {
    readonly kernel: Kernel;
    readonly config: FunctionConfig;
    readonly environment: () => Readonly<Record<string, string>>;
  },
  { accessKeyId, accessKeySecret, securityToken }: ContextData['credentials'],
  instanceId: string,
): Record<string, string> {
  const { config, kernel, environment } = source;
  return {
    PATH: process.env['PATH'] ?? '',
    // Our own choice, so that the time zone of this machine does not change what a function does.
    TZ: 'UTC',
    FC_ACCOUNT_ID: kernel.account.id,
    FC_FUNC_CODE_PATH: config.codeFolder,
    FC_FUNCTION_HANDLER: textOf(config.handler),
    FC_FUNCTION_MEMORY_SIZE: String(config.memoryMb),
    FC_FUNCTION_NAME: config.functionName,
    FC_INSTANCE_ID: instanceId,
    FC_REGION: kernel.settings.regionId,
    FC_TIMEOUT: String(config.timeoutSec),
    ALIBABA_CLOUD_ACCESS_KEY_ID: accessKeyId,
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: accessKeySecret,
    ALIBABA_CLOUD_SECURITY_TOKEN: securityToken,
    ...config.environment,
    ...environment(),
  };
}

function textOf({ file, name }: Entry): string {
  return `${file}.${name}`;
}
