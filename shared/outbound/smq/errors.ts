import { type ErrorCode, LatchkeyError } from '../../domain/model/errors.ts';

/**
 * The only translation of SMQ's error codes. A code that is not listed counts as `unavailable`.
 * https://www.alibabacloud.com/help/en/mns/developer-reference/syntax-of-error-responses
 */
const CODES: Readonly<Record<string, ErrorCode>> = {
  AccessDenied: 'forbidden',
  InvalidAccessKeyId: 'forbidden',
  SignatureDoesNotMatch: 'forbidden',
  /** Our clock is more than 15 minutes off. */
  TimeExpired: 'refused',
  QueueNotExist: 'refused',
  QueueAlreadyExist: 'refused',
  MessageNotExist: 'not-found',
  ReceiptHandleError: 'refused',
  QueueDeletedRecently: 'refused',
  InvalidQueueName: 'refused',
  QueueNameLengthError: 'refused',
  InvalidArgument: 'refused',
  MalformedXML: 'refused',
  InvalidDegist: 'refused',
  InvalidDigest: 'refused',
  InvalidAuthorizationHeader: 'refused',
  InvalidDateHeader: 'refused',
  InvalidRequestURL: 'refused',
  InvalidQueryString: 'refused',
  MissingAuthorizationHeader: 'refused',
  MissingDateHeader: 'refused',
  MissingVersionHeader: 'refused',
  /** Comes with HTTP status 400, not 429. */
  QpsLimitExceeded: 'throttled',
  InternalError: 'unavailable',
  InternalServerError: 'unavailable',
};

/** What a call does with its queue, for its error message. */
export type SmqAction = 'send to' | 'read' | 'create' | 'change' | 'remove';

export function smqError(
  queueName: string,
  action: SmqAction,
  vendor: { readonly code: string; readonly message: string; readonly requestId?: string },
): LatchkeyError {
  const { code, message, requestId } = vendor;
  return new LatchkeyError(
    CODES[code] ?? 'unavailable',
    `Cannot ${action} queue "${queueName}": ${code} ${message}`,
    { vendorCode: code, ...(requestId === undefined ? {} : { requestId }) },
  );
}

/** An answer that does not come from SMQ or is incomplete, such as a proxy's page. */
export function smqUnreadable(
  queueName: string,
  action: SmqAction,
  why: string,
  cause?: unknown,
): LatchkeyError {
  return new LatchkeyError(
    'unavailable',
    `Cannot ${action} queue "${queueName}": the answer cannot be read, ${why}`,
    cause === undefined ? {} : { cause },
  );
}
