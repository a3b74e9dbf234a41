import { type ErrorCode, type ErrorDetails, LatchkeyError } from '../../domain/model/errors.ts';
import { redactText } from '../redact.ts';
import type { EcsAction } from './client.ts';

/**
 * Codes that mean the same whatever error carries them: ECS's own, and those of Node's sockets.
 * https://www.alibabacloud.com/help/en/ecs/developer-reference/error-codes
 * https://nodejs.org/docs/latest-v20.x/api/errors.html#common-system-errors
 */
const BY_CODE: Readonly<Record<string, ErrorCode>> = {
  // The only two after which certainly nothing was sent.
  ECONNREFUSED: 'unreachable',
  ENOTFOUND: 'unreachable',
  InternalError: 'unavailable',
  ServiceUnavailable: 'unavailable',
  'LimitedOperation.ServiceUnavailable': 'unavailable',
  // Something on the way sent the request twice: the first one may have been carried out.
  SignatureNonceUsed: 'unavailable',
};

/**
 * Batch calls that are refused as a whole because of one of their instances.
 * https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-rebootinstances
 */
const BLAMES_ONE_INSTANCE: ReadonlySet<string> = new Set([
  'InvalidInstanceIds.ValueNotSupported',
  'InvalidInstanceId.NotFound',
  'InvalidInstanceIds.NotFound',
  'InvalidInstance.NotFoundSystemDisk',
  'IncorrectInstanceStatus',
  'InstanceLockedForSecurity',
  'InstanceExpiredOrInArrears',
  'InstanceExpired',
  'InstanceNotReady',
  'DependencyViolation.WindowsInstance',
  'DependencyViolation.IoOptimize',
]);

/** The SDK's kinds of errors by `name`, which outlives minification as classes do not. */
const BY_NAME: Readonly<Record<string, ErrorCode>> = {
  ThrottlingError: 'throttled',
  RequestTimeoutError: 'timeout',
  ClientError: 'refused',
  ServerError: 'unavailable',
};

/** "If an API is throttled in minute T, it can only be called again in minute T+1": https://help.aliyun.com/zh/ecs/developer-reference/api-throttling */
const THROTTLE_MS = 60_000;

/**
 * What went wrong, in our words. Everything that is neither a clear refusal nor a clear failure to
 * connect is `unavailable`: the SDK turns a 502 page into a `SyntaxError`, and an error without a
 * code into one with the code "undefined".
 */
export function translate(action: EcsAction, cause: unknown, nowMs: number): LatchkeyError {
  if (cause instanceof LatchkeyError) return cause;
  const fields = fieldsOf(cause);
  const { name, vendorCode, requestId, retryAfterMs } = fields;
  const code = BY_CODE[vendorCode ?? ''] ?? refusalNeedsCode(BY_NAME[name], vendorCode);
  const details: ErrorDetails = {
    cause,
    ...(vendorCode === undefined ? {} : { vendorCode }),
    ...(requestId === undefined ? {} : { requestId }),
    ...(BLAMES_ONE_INSTANCE.has(vendorCode ?? '') ? { blamesOneInstance: true } : {}),
    ...(code === 'throttled' ? { retryAtMs: retryAtMs(nowMs, retryAfterMs) } : {}),
  };
  return new LatchkeyError(code, `Cannot ${action}: ${stateOf(fields, code)}`, details);
}

/**
 * The vendor's own words where there are any: the SDK's are made of the whole URL. About a signature
 * that does not match ECS repeats what was to be signed, the security token included.
 */
function stateOf({ vendorCode, vendorMessage }: ErrorFields, code: ErrorCode): string {
  if (vendorCode !== undefined && vendorMessage !== undefined)
    return `${vendorCode}: ${redactText(vendorMessage)}`;
  if (code === 'timeout') return 'no answer in time';
  if (code === 'unreachable') return `no connection (${vendorCode})`;
  if (vendorCode === undefined) return 'the answer cannot be read';
  return /^E[A-Z_]+$/.test(vendorCode) ? `the connection broke (${vendorCode})` : vendorCode;
}

/** The SDK also takes a proxy's 4xx for a refusal; only ECS itself sends a code. */
function refusalNeedsCode(
  byName: ErrorCode | undefined,
  vendorCode: string | undefined,
): ErrorCode {
  if (byName === 'refused' && vendorCode === undefined) return 'unavailable';
  return byName ?? 'unavailable';
}

function retryAtMs(nowMs: number, retryAfterMs: number | undefined): number {
  if (retryAfterMs !== undefined && retryAfterMs >= 0) return nowMs + retryAfterMs;
  return (Math.floor(nowMs / THROTTLE_MS) + 1) * THROTTLE_MS;
}

interface ErrorFields {
  readonly name: string;
  readonly vendorCode: string | undefined;
  readonly vendorMessage: string | undefined;
  readonly requestId: string | undefined;
  /** From the header `x-acs-retry-after`. */
  readonly retryAfterMs: number | undefined;
}

/** Reads an error of the SDK; what has another type than expected is left out. */
function fieldsOf(cause: unknown): ErrorFields {
  const given = (cause ?? {}) as Readonly<Record<string, unknown>>;
  const data = (given['data'] ?? {}) as Readonly<Record<string, unknown>>;
  const retryAfterMs = given['retryAfter'];
  return {
    name: textOf(given['name']) ?? '',
    vendorCode: textOf(given['code']),
    vendorMessage: textOf(data['Message']),
    requestId: textOf(given['requestId']),
    retryAfterMs: typeof retryAfterMs === 'number' ? retryAfterMs : undefined,
  };
}

/** The SDK writes "undefined" for what an answer lacks. */
function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== 'undefined' ? value : undefined;
}
