import type { Kernel } from '../../kernel/kernel.ts';
import type { VendorError } from '../../kernel/vendor-error.ts';
import type { WireReply, WireRequest } from '../../../http/wire.ts';
import type { FunctionConfig } from '../configuration/configuration.ts';
import { entityTooLarge, invalidArgument, MAX_ASYNC_BYTES, MAX_SYNC_BYTES } from '../api/errors.ts';
import { invocationHeaders } from './invocation-headers.ts';
import type { Invocation } from './invocation.ts';

export interface InvokePorts {
  readonly kernel: Kernel;
  readonly invoke: (
    config: FunctionConfig,
    payload: Buffer,
    requestId: string,
  ) => Promise<Invocation>;
  readonly invokeLater: (config: FunctionConfig, payload: Buffer, requestId: string) => void;
}

/**
 * `POST /2023-03-30/functions/{functionName}/invocations`, signed. Only the qualifier LATEST exists.
 *
 * https://www.alibabacloud.com/help/en/functioncompute/fc/developer-reference/api-fc-2023-03-30-invokefunction
 */
export async function invokeFunction(
  config: FunctionConfig,
  request: WireRequest,
  requestId: string,
  ports: InvokePorts,
): Promise<WireReply | VendorError> {
  const { headers, body } = request;
  const { functionName } = config;
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

/** Undefined for another value of the header. */
export function invocationType(header: string | undefined): 'Sync' | 'Async' | undefined {
  const text = (header ?? 'Sync').toLowerCase();
  return text === 'sync' ? 'Sync' : text === 'async' ? 'Async' : undefined;
}
