import { type ErrorCode, type ErrorDetails, LatchkeyError } from '../../domain/model/errors.ts';
import { nextMinuteMs } from '../../domain/model/throttling.ts';
import { redactText } from '../redact.ts';
import type { EcsAction } from './client.ts';

/**
 * Codes of ECS and of Node's sockets that decide alone, whatever kind of error the SDK throws.
 * https://www.alibabacloud.com/help/en/ecs/developer-reference/error-codes
 * https://nodejs.org/docs/latest-v20.x/api/errors.html#common-system-errors
 */
const BY_CODE: Readonly<Record<string, ErrorCode>> = {
  // The only two after which nothing was sent for certain.
  ECONNREFUSED: 'unreachable',
  ENOTFOUND: 'unreachable',
  InternalError: 'unavailable',
  ServiceUnavailable: 'unavailable',
  'LimitedOperation.ServiceUnavailable': 'unavailable',
  // The network delivered the request twice: the first one may have been carried out.
  SignatureNonceUsed: 'unavailable',
};

/**
 * Codes with which ECS refuses a whole batch because of one instance.
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

/** The kinds of the SDK's errors by `name`. Unlike a class, a name survives minification. */
const BY_NAME: Readonly<Record<string, ErrorCode>> = {
  ThrottlingError: 'throttled',
  RequestTimeoutError: 'timeout',
  ClientError: 'refused',
  ServerError: 'unavailable',
};

/**
 * The only translation of errors of ECS and its SDK. Everything that is neither a clear refusal nor a clear
 * failure to connect is `unavailable`: the SDK turns a 502 page into a `SyntaxError`, and an error without a
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
 * Prefers the message of ECS, because the SDK's message holds the whole URL. It is redacted: when a signature
 * does not match, ECS repeats the signed text, with the security token in it.
 */
function stateOf({ vendorCode, vendorMessage }: ErrorFields, code: ErrorCode): string {
  if (vendorCode !== undefined && vendorMessage !== undefined)
    return `${vendorCode}: ${redactText(vendorMessage)}`;
  if (code === 'timeout') return 'no answer in time';
  if (code === 'unreachable') return `no connection (${vendorCode})`;
  if (vendorCode === undefined) return 'the answer cannot be read';
  return /^E[A-Z_]+$/.test(vendorCode) ? `the connection broke (${vendorCode})` : vendorCode;
}

/** The SDK counts the 4xx of a proxy as a refusal. Only ECS itself sends a code. */
function refusalNeedsCode(
  byName: ErrorCode | undefined,
  vendorCode: string | undefined,
): ErrorCode {
  if (byName === 'refused' && vendorCode === undefined) return 'unavailable';
  return byName ?? 'unavailable';
}

function retryAtMs(nowMs: number, retryAfterMs: number | undefined): number {
  if (retryAfterMs !== undefined && retryAfterMs >= 0) return nowMs + retryAfterMs;
  return nextMinuteMs(nowMs);
}

interface ErrorFields {
  readonly name: string;
  readonly vendorCode: string | undefined;
  readonly vendorMessage: string | undefined;
  readonly requestId: string | undefined;
  /** From the header `x-acs-retry-after`. */
  readonly retryAfterMs: number | undefined;
}

/** Reads an error of the SDK. A field of an unexpected type counts as missing. */
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

/** The SDK writes "undefined" for a field that the answer lacks. */
function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== 'undefined' ? value : undefined;
}
