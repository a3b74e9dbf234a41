import { LatchkeyError } from '../../domain/model/errors.ts';
import type { HttpAnswer } from '../http.ts';
import { smqAnswer, smqError, smqFailure, smqUnreadable } from './errors.ts';
import { childText, escapeXml, smqDocument } from './xml.ts';

/** https://help.aliyun.com/en/mns/developer-reference/batchsendmessage */
export const MAX_BATCH_MESSAGES = 16;
/**
 * The limit for one message, and for all messages of a batch together. We count the base64 text that is sent.
 * The documentation does not say whether it counts the text before or after base64; this is the stricter way.
 */
export const MAX_BATCH_BYTES = 65_536;
/** https://help.aliyun.com/document_detail/128343.html */
export const MAX_DELAY_SECONDS = 604_800;

/** A JSON text to send. */
export interface TextMessage {
  readonly body: string;
  readonly delaySeconds: number;
}

export interface WireMessage {
  /** The position of the message in the list to send. */
  readonly index: number;
  /** Base64 of the body in UTF-8. */
  readonly body: string;
  readonly delaySeconds: number;
}

export interface Batches {
  readonly batches: readonly (readonly WireMessage[])[];
  readonly tooLarge: readonly { readonly index: number; readonly error: LatchkeyError }[];
}

/**
 * Packs messages into batches, in order, with as few batches as that order allows.
 *
 * @throws {RangeError} for a delay that SMQ does not accept
 */
export function batchesOf(messages: readonly TextMessage[]): Batches {
  const batches: WireMessage[][] = [];
  const tooLarge: { index: number; error: LatchkeyError }[] = [];
  let bytes = 0;
  messages.forEach((message, index) => {
    const { delaySeconds } = message;
    if (!Number.isInteger(delaySeconds) || delaySeconds < 0 || delaySeconds > MAX_DELAY_SECONDS) {
      throw new RangeError(
        `Cannot delay a message by "${delaySeconds}": not whole seconds from 0 to ${MAX_DELAY_SECONDS}`,
      );
    }
    const body = Buffer.from(message.body, 'utf8').toString('base64');
    if (body.length > MAX_BATCH_BYTES) {
      const why = `${body.length} bytes in base64, more than ${MAX_BATCH_BYTES}`;
      const error = new LatchkeyError('too-large', `Cannot send message "${index}": ${why}`);
      tooLarge.push({ index, error });
      return;
    }
    let batch = batches.at(-1);
    if (
      batch === undefined ||
      batch.length === MAX_BATCH_MESSAGES ||
      bytes + body.length > MAX_BATCH_BYTES
    ) {
      batch = [];
      batches.push(batch);
      bytes = 0;
    }
    batch.push({ index, body, delaySeconds });
    bytes += body.length;
  });
  return { batches, tooLarge };
}

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
