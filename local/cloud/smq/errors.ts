import type { VendorError } from '../kernel/vendor-error.ts';
import type { Range } from './limits.ts';

/**
 * Statuses and texts of https://www.alibabacloud.com/help/doc-detail/27501.html, spelled as there
 * ("Interal", "Degist"). The 256 in QueueNameLengthError is the vendor's text, too; the limit is 120.
 */
const TABLE = {
  AccessDenied: [
    403,
    'The OwnerId that your Access Key Id associated to is forbidden for this operation.',
  ],
  InternalError: [500, 'Interal error.'],
  InvalidAccessKeyId: [403, 'The AccessKey Id you provided is not exist.'],
  InvalidAuthorizationHeader: [400, 'The Authorization header format is invalid.'],
  InvalidDateHeader: [400, 'The Date header format is invalid.'],
  InvalidDegist: [400, 'The Content-MD5 you specified is invalid.'],
  InvalidQueueName: [
    400,
    'The queue name you provided is invalid. QueueName should start with alpha and contain only alpha, digit or - .',
  ],
  InvalidRequestURL: [400, 'Http request URL format invalid.'],
  MalformedXML: [400, 'The XML you provided was not well-formed.'],
  MessageNotExist: [404, 'Message not exist.'],
  MissingAuthorizationHeader: [400, 'Authorization header is required.'],
  MissingDateHeader: [400, 'Date header is required.'],
  MissingReceiptHandle: [400, 'ReceiptHandle is required.'],
  /** The code is in the Go SDK. The text is not documented: our own choice. */
  MissingVersionHeader: [400, 'x-mns-version header is required.'],
  MissingVisibilityTimeout: [400, 'VisibilityTimeout is required.'],
  QpsLimitExceeded: [400, 'The qps limit of the queue is exceeded'],
  QueueAlreadyExist: [409, 'The queue you want to create is already exist.'],
  QueueNameLengthError: [400, 'Queue name length should between 1 and 256.'],
  QueueNotExist: [404, 'The queue name you provided is not exist.'],
  ReceiptHandleError: [400, 'The receipt handle you provide is not valid.'],
  SignatureDoesNotMatch: [
    403,
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
  ],
  TimeExpired: [408, 'The http request you sent is expired.'],
} as const satisfies Record<string, readonly [number, string]>;

export type SmqErrorCode = keyof typeof TABLE;

/** An error in SMQ's words. */
export class SmqError extends Error {
  override readonly name = 'SmqError';
  readonly error: VendorError;

  constructor(error: VendorError) {
    super(`${error.code}: ${error.message}`);
    this.error = error;
  }
}

export function vendorError(code: SmqErrorCode): VendorError {
  const [status, message] = TABLE[code];
  return { status, code, message };
}

export function smqError(code: SmqErrorCode): SmqError {
  return new SmqError(vendorError(code));
}

/** A value out of range. */
export function outOfRange(element: string, { low, high }: Range): SmqError {
  const message = `The value of ${element} should between ${low} and ${high} seconds/bytes.`;
  return new SmqError({ status: 400, code: 'InvalidArgument', message });
}

/** Well-formed XML that does not match the action's schema. */
export function againstSchema(element: string): SmqError {
  const message = `The XML you provided did not validate against our published schema, cause by ${element}.`;
  return new SmqError({ status: 400, code: 'InvalidArgument', message });
}

export function badQueryItem(item: string): SmqError {
  const message = `Http request URL contains invalid querystring item "${item}".`;
  return new SmqError({ status: 400, code: 'InvalidQueryString', message });
}
