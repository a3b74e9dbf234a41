import { createHash } from 'node:crypto';
import type { VendorError } from '../../kernel/vendor-error.ts';
import type { WireReply, WireRequest } from '../../../http/wire.ts';
import type { FunctionConfig, HttpTrigger } from '../configuration/configuration.ts';
import {
  accessDenied,
  fcError,
  invalidArgument,
  MAX_ASYNC_BYTES,
  MAX_SYNC_BYTES,
} from '../api/errors.ts';
import { httpEvent } from './http-event.ts';
import { httpReply } from './http-reply.ts';
import { invocationHeaders } from '../invocations/invocation-headers.ts';
import { invocationType, type InvokePorts } from '../invocations/invoke-function.ts';
import { type Passage, passJwt } from '../jwt/gateway.ts';
import { fcRequestId } from '../api/request-id.ts';
import { refusal } from '../api/signature.ts';

/** https://help.aliyun.com/zh/functioncompute/fc/user-guide/web-functions */
const MAX_HEADER_BYTES = 8 * 1024;
const MAX_URL_BYTES = 4 * 1024;

/**
 * Answers the requests of a function's HTTP trigger.
 *
 * Which status a client sees when the function fails is not documented: here it is 502, with
 * `X-Fc-Error-Type` and the error as the body.
 */
export function httpTrigger(
  config: FunctionConfig,
  trigger: HttpTrigger,
  ports: InvokePorts,
): (request: WireRequest) => Promise<WireReply> {
  const { kernel } = ports;
  const triggerId = idOf(`${kernel.account.id}/${config.functionName}/${trigger.name}`);

  return async (incoming) => {
    const nowMs = kernel.clock.nowMs();
    const requestId = fcRequestId(nowMs);
    const type = invocationType(incoming.headers['x-fc-invocation-type']);
    const refused = refuse(incoming, type);
    if (refused !== undefined) return fcError(refused, requestId);
    const passage = pass(incoming);
    if (passage.kind === 'refused') return fcError(passage.error, requestId);
    const { request } = passage;
    const event = httpEvent(request, {
      accountId: kernel.account.id,
      regionId: kernel.settings.regionId,
      triggerId,
      requestId,
      nowMs,
    });
    const payload = Buffer.from(JSON.stringify(event));
    if (type === 'Async') {
      ports.invokeLater(config, payload, requestId);
      return { status: 202, headers: { 'x-fc-request-id': requestId }, body: '' };
    }
    const invocation = await ports.invoke(config, payload, requestId);
    const headers = {
      'content-type': 'application/json',
      ...invocationHeaders(invocation, request.headers['x-fc-log-type']),
    };
    if (invocation.status !== 200) {
      return { status: invocation.status, headers, body: invocation.body };
    }
    if (invocation.errorType !== undefined) return { status: 502, headers, body: invocation.body };
    const reply = httpReply(invocation.body, requestId);
    if (typeof reply !== 'string') {
      return { ...reply, headers: { ...headers, ...reply.headers } };
    }
    const error = { status: 502, code: 'BadResponse', message: `invalid response: ${reply}` };
    return fcError(error, requestId);
  };

  function refuse(
    request: WireRequest,
    type: 'Sync' | 'Async' | undefined,
  ): VendorError | undefined {
    if (trigger.disableUrlInternet)
      return accessDenied('the public URL of the trigger is disabled');
    if (!trigger.methods.includes(request.method)) {
      // The status is not documented: our own choice.
      const message = `method '${request.method}' is not allowed by the trigger`;
      return { status: 405, code: 'MethodNotAllowed', message };
    }
    const { path, query, headers, body } = request;
    if (path.length + query.length > MAX_URL_BYTES) {
      return invalidArgument(`path and query are larger than ${MAX_URL_BYTES} bytes`);
    }
    let bytes = 0;
    for (const [name, value] of Object.entries(headers)) bytes += name.length + value.length;
    if (bytes > MAX_HEADER_BYTES) {
      return invalidArgument(`the headers are larger than ${MAX_HEADER_BYTES} bytes`);
    }
    if (type === undefined) return invalidArgument('X-Fc-Invocation-Type must be Sync or Async');
    const maxBytes = type === 'Async' ? MAX_ASYNC_BYTES : MAX_SYNC_BYTES;
    if (body.length > maxBytes) {
      return invalidArgument(`the body is larger than ${maxBytes} bytes`);
    }
    return undefined;
  }

  function pass(request: WireRequest): Passage {
    const { auth } = trigger;
    switch (auth.kind) {
      case 'anonymous':
        return { kind: 'passed', request };
      case 'function': {
        const error = refusal(request, 'trigger', kernel.account, kernel.wallMs());
        return error === undefined ? { kind: 'passed', request } : { kind: 'refused', error };
      }
      case 'jwt':
        return passJwt(request, auth.config, kernel.wallMs());
    }
  }
}

/** The reply to a body above the limit. */
export function bodyTooLarge(nowMs: number): WireReply {
  const error = invalidArgument(`the body is larger than ${MAX_SYNC_BYTES} bytes`);
  return fcError(error, fcRequestId(nowMs));
}

/** The same in every run, like the real one. */
function idOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20, 32),
  ].join('-');
}
