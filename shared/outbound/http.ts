import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { LatchkeyError } from '../domain/model/errors.ts';
import { parseEndpoint } from './endpoint.ts';
import type { Sockets } from './sockets.ts';

export interface HttpCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With the query, encoded. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/**
 * Sends one call, once, and reads the whole answer, whatever its status.
 *
 * @throws {LatchkeyError} `unreachable` when no connection was made, `timeout` when the deadline has
 * passed, `unavailable` when the connection broke, or the answer was cut off or too large
 */
export type SendHttp = (call: HttpCall) => Promise<HttpAnswer>;

/** Runs `run` once, after `delayMs`. @returns a function that cancels it */
export type After = (delayMs: number, run: () => void) => () => void;

export interface HttpOptions {
  readonly endpoint: string;
  readonly sockets: Sockets;
  /** From the call to the last byte of the answer. */
  readonly deadlineMs: number;
  readonly maxAnswerBytes: number;
  /** Default: real time. */
  readonly after?: After | undefined;
}

/** After these codes no connection existed, so the other side certainly did nothing. */
const NOT_CONNECTED: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ENOTFOUND']);

/**
 * A sender to one endpoint over `node:http(s)`. Not `fetch`, which takes longer to load and hides how a
 * connection failed.
 *
 * @throws {TypeError} for an endpoint that must not be used
 */
export function httpSender(options: HttpOptions): SendHttp {
  const { sockets, deadlineMs, maxAnswerBytes, after = realAfter } = options;
  const { protocol, hostname, port, host } = parseEndpoint(options.endpoint);
  const open = protocol === 'https:' ? requestHttps : requestHttp;

  return ({ method, path, headers, body }) =>
    new Promise((resolve, reject) => {
      const outgoing = open({
        agent: sockets.agentFor(protocol),
        // A URL has an IPv6 host in brackets, a connection needs it without.
        hostname: hostname.replace(/^\[|\]$/g, ''),
        port,
        method,
        path,
        headers: { ...headers, host, 'content-length': String(body.length) },
      });
      const end = (settle: () => void) => {
        stopWaiting();
        settle();
      };
      const fail = (
        code: 'unreachable' | 'unavailable' | 'timeout',
        why: string,
        cause?: unknown,
      ) =>
        end(() => {
          const message = `Cannot ${method} "${host}${pathOnly(path)}": ${why}`;
          reject(new LatchkeyError(code, message, cause === undefined ? {} : { cause }));
          outgoing.destroy();
        });
      const stopWaiting = after(deadlineMs, () =>
        fail('timeout', `no answer within ${deadlineMs} ms`),
      );
      outgoing.on('error', (cause) =>
        fail(wasNotConnected(cause) ? 'unreachable' : 'unavailable', codeOf(cause), cause),
      );
      outgoing.on('response', (incoming: IncomingMessage) => {
        const chunks: Buffer[] = [];
        let bytes = 0;
        incoming.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          chunks.push(chunk);
          if (bytes > maxAnswerBytes) {
            fail('unavailable', `the answer is larger than ${maxAnswerBytes} bytes`);
          }
        });
        // Emitted instead of 'end' when the connection is lost.
        incoming.on('error', (cause) => fail('unavailable', 'the answer was cut off', cause));
        incoming.on('end', () => {
          const { statusCode: status = 0, headers: answered } = incoming;
          end(() => resolve({ status, headers: answered, body: Buffer.concat(chunks) }));
        });
      });
      outgoing.end(body);
    });
}

/** A message of `httpSender` without the address, because its path may be a secret. */
export function withoutAddress(message: string): string {
  return message.replace(/^Cannot [A-Z]+ "[^"]*": /, '');
}

/** Without the query, because a query may hold a secret. */
const pathOnly = (path: string) => path.split('?', 1)[0] ?? '';

function wasNotConnected(cause: Error): boolean {
  // A name with several addresses fails with one error for each address.
  const causes: readonly unknown[] = cause instanceof AggregateError ? cause.errors : [cause];
  return causes.length > 0 && causes.every((one) => NOT_CONNECTED.has(codeOf(one)));
}

function codeOf(cause: unknown): string {
  if (!(cause instanceof Error)) return 'unknown failure';
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message;
}

function realAfter(delayMs: number, run: () => void): () => void {
  const timer = setTimeout(run, delayMs);
  return () => clearTimeout(timer);
}
