import type { LatchkeyError } from '../../domain/model/errors.ts';
import type { HttpAnswer } from '../http.ts';
import { type SmqAction, smqError, smqUnreadable } from './errors.ts';
import { childText, parseXml, type XmlElement } from './xml.ts';

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
