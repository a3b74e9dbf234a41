import type { LatchkeyError } from '../../domain/model/errors.ts';
import type { HttpAnswer } from '../http.ts';
import { smqAnswer, smqError, smqFailure, smqUnreadable } from './errors.ts';
import type { WireMessage } from './batches.ts';
import { childText, escapeXml, smqDocument } from './xml.ts';

/** The body of BatchSendMessage: https://help.aliyun.com/en/mns/developer-reference/batchsendmessage */
export function batchDocument(messages: readonly WireMessage[]): string {
  const entries = messages.map(
    ({ body, delaySeconds }) =>
      `<Message><MessageBody>${escapeXml(body)}</MessageBody><DelaySeconds>${delaySeconds}</DelaySeconds></Message>`,
  );
  return smqDocument('Messages', entries.join(''));
}

/**
 * Reads the answer to BatchSendMessage by its elements, not by its status: no document says which status a
 * partial failure has.
 *
 * @param count how many messages were sent
 * @returns for each message, in order: undefined when it was sent, or why not
 * @throws {LatchkeyError} when SMQ refused the whole call, and for an answer that cannot be read
 */
export function readBatchAnswer(
  httpAnswer: Pick<HttpAnswer, 'status' | 'body'>,
  queueName: string,
  count: number,
): (LatchkeyError | undefined)[] {
  const answer = smqAnswer(httpAnswer, queueName, 'send to');
  const { status, root } = answer;
  const unreadable = (why: string) => smqUnreadable(queueName, 'send to', `HTTP ${status}, ${why}`);
  if (root?.name !== 'Messages') throw smqFailure(answer, queueName, 'send to');
  const messages = root.children;
  if (messages.length !== count || messages.some(({ name }) => name !== 'Message')) {
    throw unreadable(`not an entry for each of ${count} messages`);
  }
  const errors = messages.map((message) => {
    const code = childText(message, 'ErrorCode') ?? '';
    if (code !== '') {
      const vendor = { code, message: childText(message, 'ErrorMessage') ?? '' };
      return smqError(queueName, 'send to', vendor);
    }
    if ((childText(message, 'MessageId') ?? '') !== '') return undefined;
    throw unreadable('a message with neither an id nor an error code');
  });
  const isFailure = status < 200 || status >= 300;
  if (isFailure && errors.every((error) => error === undefined)) {
    throw unreadable('the call failed, but every message is reported as sent');
  }
  return errors;
}
