import { type ErrorCode, LatchkeyError } from '../../domain/model/errors.ts';

/**
 * The only place that knows SMQ's error codes. One that is not listed is taken for SMQ's own fault.
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

/** What a call was about to do with its queue. */
export type Doing = 'send to' | 'read' | 'create' | 'change' | 'remove';

export function smqError(
  queueName: string,
  vendor: { readonly code: string; readonly message: string; readonly requestId?: string },
  doing: Doing = 'send to',
): LatchkeyError {
  const { code, message, requestId } = vendor;
  return new LatchkeyError(
    CODES[code] ?? 'unavailable',
    `Cannot ${doing} queue "${queueName}": ${code} ${message}`,
    { vendorCode: code, ...(requestId === undefined ? {} : { requestId }) },
  );
}

/** An answer that is not what SMQ says: a proxy's page, a part of a document, something else. */
export function smqUnreadable(
  queueName: string,
  why: string,
  cause?: unknown,
  doing: Doing = 'send to',
): LatchkeyError {
  return new LatchkeyError(
    'unavailable',
    `Cannot ${doing} queue "${queueName}": no answer that can be read, ${why}`,
    cause === undefined ? {} : { cause },
  );
}
