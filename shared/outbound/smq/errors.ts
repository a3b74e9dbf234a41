import { type ErrorCode, LatchkeyError } from '../../domain/model/errors.ts';
import type { HttpAnswer } from '../http.ts';
import { childText, parseXml, type XmlElement } from './xml.ts';

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

/** The answer to a call about a queue. */
export interface SmqAnswer {
  readonly status: number;
  /** The root of the document; undefined for an empty body. */
  readonly root: XmlElement | undefined;
}

/** @throws {LatchkeyError} for a body that is not XML */
export function smqAnswer(
  { status, body }: Pick<HttpAnswer, 'status' | 'body'>,
  queueName: string,
  action: SmqAction,
): SmqAnswer {
  if (body.length === 0) return { status, root: undefined };
  try {
    return { status, root: parseXml(body.toString('utf8')) };
  } catch (cause) {
    throw smqUnreadable(queueName, action, `HTTP ${status}, not XML`, cause);
  }
}

/** The error for an answer that is not the expected one. */
export function smqFailure(
  { status, root }: SmqAnswer,
  queueName: string,
  action: SmqAction,
): LatchkeyError {
  const code = root?.name === 'Error' ? childText(root, 'Code') : undefined;
  if (root === undefined || code === undefined) {
    return smqUnreadable(queueName, action, `HTTP ${status}, not the expected document`);
  }
  const requestId = childText(root, 'RequestId');
  const vendor = { code, message: childText(root, 'Message') ?? '' };
  return smqError(queueName, action, { ...vendor, ...(requestId && { requestId }) });
}
