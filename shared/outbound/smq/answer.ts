import type { LatchkeyError } from '../../domain/model/errors.ts';
import type { HttpAnswer } from '../http.ts';
import { type Doing, smqError, smqUnreadable } from './errors.ts';
import { childText, parseXml, type XmlElement } from './xml.ts';

/** What a call about a queue was answered with. */
export interface SmqAnswer {
  readonly status: number;
  /** The root of its document; undefined when it has none. */
  readonly root: XmlElement | undefined;
}

/** @throws {LatchkeyError} for a body that is not XML */
export function smqAnswer(
  { status, body }: Pick<HttpAnswer, 'status' | 'body'>,
  queueName: string,
  doing: Doing,
): SmqAnswer {
  if (body.length === 0) return { status, root: undefined };
  try {
    return { status, root: parseXml(body.toString('utf8')) };
  } catch (cause) {
    throw smqUnreadable(queueName, `HTTP ${status}, not XML`, cause, doing);
  }
}

/** What went wrong, by an answer that is none of those expected. */
export function smqFailure(
  { status, root }: SmqAnswer,
  queueName: string,
  doing: Doing,
): LatchkeyError {
  const code = root?.name === 'Error' ? childText(root, 'Code') : undefined;
  if (root === undefined || code === undefined) {
    return smqUnreadable(queueName, `HTTP ${status}, nothing expected`, undefined, doing);
  }
  const requestId = childText(root, 'RequestId');
  const vendor = { code, message: childText(root, 'Message') ?? '' };
  return smqError(queueName, { ...vendor, ...(requestId && { requestId }) }, doing);
}
