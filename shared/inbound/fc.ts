import * as v from 'valibot';
import { LatchkeyError } from '../domain/model/errors.ts';
import { jsonOf } from '../contract/parse.ts';
import { HTTP_STATUS, httpStatusOf } from '../contract/http-status.ts';
import { bugProblemOf, problemOf } from '../contract/problem.ts';
import { unreadable } from './unreadable.ts';

/**
 * The part of Function Compute's context that we use.
 * https://www.alibabacloud.com/help/doc-detail/156876.htm
 */
export interface FcContext {
  readonly requestId: string;
  /** Empty when the function has no role. */
  readonly credentials: {
    readonly accessKeyId?: string;
    readonly accessKeySecret?: string;
    readonly securityToken?: string;
  };
  /** `timeout` is in seconds. */
  readonly function: { readonly name: string; readonly timeout: number };
  readonly region: string;
  readonly accountId: string;
}

export interface HttpRequest {
  /** In upper case. */
  readonly method: string;
  /** Percent-decoded. */
  readonly path: string;
  /** As sent. */
  readonly rawPath: string;
  /** Values of a repeated parameter are joined by commas, by the platform. */
  readonly query: Readonly<Record<string, string>>;
  /** Names in lower case. Values of a repeated header are joined by commas, by the platform. */
  readonly headers: Readonly<Record<string, string>>;
  /** Exactly the bytes that were sent, since signatures are computed over them. */
  readonly body: Buffer;
  readonly sourceIp: string;
}

/** https://help.aliyun.com/en/functioncompute/fc/user-guide/http-triggers-overview */
export interface HttpReply {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly isBase64Encoded: false;
  readonly body: string;
}

/** https://www.alibabacloud.com/help/en/functioncompute/fc/http-trigger-invoking-function */
const HttpEvent = v.object({
  version: v.literal('v1'),
  rawPath: v.string(),
  body: v.optional(v.string(), ''),
  isBase64Encoded: v.optional(v.boolean(), false),
  headers: v.optional(v.record(v.string(), v.string()), {}),
  queryParameters: v.nullish(v.record(v.string(), v.string()), {}),
  requestContext: v.object({
    http: v.object({ method: v.string(), path: v.string(), sourceIp: v.optional(v.string(), '') }),
  }),
});

/**
 * Largest event that is read: our own choice. A request that is served has at most 64 KB of body, 8 KB of
 * headers and 4 KB of path. The platform lets 32 MB through.
 */
const MAX_EVENT_BYTES = 1024 * 1024;

/**
 * @throws {LatchkeyError} `bad-request` when it is not an event of an HTTP trigger, format v1; `too-large`
 * for an event above the limit
 */
export function readHttpEvent(bytes: Uint8Array): HttpRequest {
  if (bytes.length > MAX_EVENT_BYTES) {
    const why = `${bytes.length} bytes: at most ${MAX_EVENT_BYTES} are read`;
    throw new LatchkeyError('too-large', `Cannot read an HTTP event of ${why}`);
  }
  const read = v.safeParse(HttpEvent, jsonOf(bytes, 'the HTTP event'));
  if (!read.success) throw unreadable('the HTTP event', read.issues[0]);
  const { rawPath, body, isBase64Encoded, headers, queryParameters, requestContext } = read.output;
  const { method, path, sourceIp } = requestContext.http;
  return {
    method: method.toUpperCase(),
    path,
    rawPath,
    query: queryParameters,
    headers: inLowerCase(headers),
    body: Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'),
    sourceIp,
  };
}

/** Names that differ only in case are the same header, sent twice. */
function inLowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  const lower = new Map<string, string>();
  for (const [name, value] of Object.entries(headers)) {
    const key = name.toLowerCase();
    const earlier = lower.get(key);
    lower.set(key, earlier === undefined ? value : `${earlier},${value}`);
  }
  return Object.fromEntries(lower);
}

export function json(statusCode: number, value: unknown): HttpReply {
  return reply(statusCode, 'application/json; charset=utf-8', value, {});
}

/** When a caller may try again, unless the error says so: our own choice. */
const RETRY_AFTER_SECONDS = 5;

/**
 * Answers an error as RFC 9457 problem details, with our `code`, every fault, and the error's `extra` fields.
 * An error of the cloud has the cloud's code and request id as well.
 *
 * @param options.instance identifies this occurrence: the request id
 */
export function problem(
  error: LatchkeyError,
  options: {
    readonly nowMs: number;
    readonly instance: string;
    readonly headers?: Readonly<Record<string, string>>;
  },
): HttpReply {
  const { nowMs, instance, headers } = options;
  const status = httpStatusOf(error);
  const { retryAtMs } = error.details;
  const waits = status === 429 || status === 503;
  const retryAfterSeconds =
    retryAtMs === undefined
      ? RETRY_AFTER_SECONDS
      : Math.max(1, Math.ceil((retryAtMs - nowMs) / 1_000));
  return reply(status, 'application/problem+json', problemOf(error, instance), {
    ...headers,
    ...(waits ? { 'retry-after': String(retryAfterSeconds) } : {}),
  });
}

/** The answer to a bug of ours. It reveals nothing about the cause. */
export function bugProblem(instance: string): HttpReply {
  return reply(HTTP_STATUS.bug, 'application/problem+json', bugProblemOf(instance), {});
}

function reply(
  statusCode: number,
  contentType: string,
  value: unknown,
  headers: Readonly<Record<string, string>>,
): HttpReply {
  return {
    statusCode,
    headers: { 'content-type': contentType, 'cache-control': 'no-store', ...headers },
    isBase64Encoded: false,
    body: JSON.stringify(value),
  };
}
