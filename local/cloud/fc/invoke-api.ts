import type { Kernel } from '../kernel/kernel.ts';
import type { Service } from '../kernel/service.ts';
import type { VendorError, WireReply, WireRequest } from '../kernel/wire.ts';
import type { FunctionConfig } from './configuration.ts';
import {
  entityTooLarge,
  fcError,
  invalidArgument,
  MAX_ASYNC_BYTES,
  MAX_SYNC_BYTES,
} from './errors.ts';
import { invocationHeaders } from './invocation-headers.ts';
import type { Invocation } from './invocation.ts';
import { fcRequestId } from './request-id.ts';
import { claimedAccessKey, refusal } from './signature.ts';

const INVOKE = /^\/2023-03-30\/functions\/([^/]+)\/invocations$/;

export interface InvokeApiPorts {
  readonly kernel: Kernel;
  readonly find: (functionName: string) => FunctionConfig | undefined;
  readonly invoke: (
    config: FunctionConfig,
    payload: Buffer,
    requestId: string,
  ) => Promise<Invocation>;
  readonly invokeLater: (config: FunctionConfig, payload: Buffer, requestId: string) => void;
}

/**
 * `POST /2023-03-30/functions/{functionName}/invocations`, the one action of the API that is
 * emulated. Only the qualifier LATEST exists.
 */
export function invokeApi(ports: InvokeApiPorts): Service {
  const { kernel } = ports;
  return {
    name: 'fc',
    actions: ['InvokeFunction'],
    actionOf: ({ method, path }) =>
      method === 'POST' && INVOKE.test(path) ? 'InvokeFunction' : '',
    accessKeyOf: claimedAccessKey,
    handle: async (request) => {
      const requestId = fcRequestId(kernel.clock.nowMs());
      const result = await invokeFunction(ports, request, requestId);
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

async function invokeFunction(
  ports: InvokeApiPorts,
  request: WireRequest,
  requestId: string,
): Promise<WireReply | VendorError> {
  const { method, path, headers, body } = request;
  const functionName = INVOKE.exec(path)?.[1];
  if (functionName === undefined || method !== 'POST') {
    const message = `'${method}' against '${path}' is not supported`;
    return { status: 400, code: 'PathNotSupported', message };
  }
  const refused = refusal(request, 'api', ports.kernel.account, ports.kernel.wallMs());
  if (refused !== undefined) return refused;

  const config = ports.find(decodeURIComponent(functionName));
  if (config === undefined) {
    const message = `function '${functionName}' does not exist`;
    return { status: 404, code: 'FunctionNotFound', message };
  }
  const qualifier = new URLSearchParams(request.query).get('qualifier') ?? 'LATEST';
  if (qualifier !== 'LATEST') {
    const message = `version or alias '${qualifier}' of function '${functionName}' does not exist`;
    return { status: 404, code: 'VersionNotFound', message };
  }
  const type = invocationType(headers['x-fc-invocation-type']);
  if (type === undefined) return invalidArgument('X-Fc-Invocation-Type must be Sync or Async');
  const maxBytes = type === 'Async' ? MAX_ASYNC_BYTES : MAX_SYNC_BYTES;
  if (body.length > maxBytes) return entityTooLarge(maxBytes);

  if (type === 'Async') {
    ports.invokeLater(config, body, requestId);
    return { status: 202, headers: { 'x-fc-request-id': requestId }, body: '' };
  }
  const invocation = await ports.invoke(config, body, requestId);
  const isJson = invocation.status !== 200 || invocation.errorType !== undefined;
  return {
    status: invocation.status,
    headers: {
      'content-type': isJson ? 'application/json' : 'application/octet-stream',
      ...invocationHeaders(invocation, headers['x-fc-log-type']),
    },
    body: invocation.body,
  };
}

/** Undefined when the header says something else. */
export function invocationType(header: string | undefined): 'Sync' | 'Async' | undefined {
  const text = (header ?? 'Sync').toLowerCase();
  return text === 'sync' ? 'Sync' : text === 'async' ? 'Async' : undefined;
}
