import type { Service } from '../../kernel/service.ts';
import type { VendorError } from '../../kernel/vendor-error.ts';
import type { WireReply, WireRequest } from '../../../http/wire.ts';
import type { FunctionConfig } from '../configuration/configuration.ts';
import { fcError } from './errors.ts';
import { invokeFunction, type InvokePorts } from '../invocations/invoke-function.ts';
import { listTriggers } from './list-triggers.ts';
import { fcRequestId } from './request-id.ts';
import { claimedAccessKey, refusal } from './signature.ts';

export interface ApiPorts extends InvokePorts {
  readonly find: (functionName: string) => FunctionConfig | undefined;
  /** Where the function's HTTP trigger is reached. */
  readonly urlOf: (config: FunctionConfig) => string | undefined;
}

const FUNCTION = /^\/2023-03-30\/functions\/([^/]+)\/(invocations|triggers)$/;

interface Called {
  readonly action: 'InvokeFunction' | 'ListTriggers';
  readonly functionName: string;
}

/** The part of API version 2023-03-30 that this project calls. */
export function fcApi(ports: ApiPorts): Service {
  const { kernel } = ports;
  return {
    name: 'fc',
    actions: ['InvokeFunction', 'ListTriggers'],
    actionOf: (request) => calledBy(request)?.action ?? '',
    accessKeyOf: claimedAccessKey,
    handle: async (request) => {
      const requestId = fcRequestId(kernel.clock.nowMs());
      const result = await answer(ports, request, requestId);
      return 'code' in result ? fcError(result, requestId) : result;
    },
    errorReply: (error) => fcError(error, fcRequestId(kernel.clock.nowMs())),
    throttled: {
      status: 429,
      code: 'ResourceExhausted',
      message: 'The request was throttled by a fault of the local cloud',
    },
  };
}

async function answer(
  ports: ApiPorts,
  request: WireRequest,
  requestId: string,
): Promise<WireReply | VendorError> {
  const { method, path } = request;
  const called = calledBy(request);
  if (called === undefined) {
    const message = `'${method}' against '${path}' is not supported`;
    return { status: 400, code: 'PathNotSupported', message };
  }
  const refused = refusal(request, 'api', ports.kernel.account, ports.kernel.wallMs());
  if (refused !== undefined) return refused;
  const config = ports.find(decodeURIComponent(called.functionName));
  if (config === undefined) {
    const message = `function '${called.functionName}' does not exist`;
    return { status: 404, code: 'FunctionNotFound', message };
  }
  switch (called.action) {
    case 'InvokeFunction':
      return invokeFunction(config, request, requestId, ports);
    case 'ListTriggers':
      return listTriggers(config, request, requestId, ports.urlOf(config));
  }
}

function calledBy({ method, path }: Pick<WireRequest, 'method' | 'path'>): Called | undefined {
  const [, functionName, what] = FUNCTION.exec(path) ?? [];
  if (functionName === undefined) return undefined;
  if (method === 'POST' && what === 'invocations')
    return { action: 'InvokeFunction', functionName };
  return method === 'GET' && what === 'triggers'
    ? { action: 'ListTriggers', functionName }
    : undefined;
}
