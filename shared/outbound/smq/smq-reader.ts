import type { LatchkeyError } from '../../domain/model/errors.ts';
import { type SmqAnswer, smqAnswer, smqFailure, smqUnreadable } from './errors.ts';
import { MAX_BATCH_MESSAGES } from './batches.ts';
import { smqCaller, type SmqOptions } from './call.ts';
import { childText, escapeXml, smqDocument, type XmlElement } from './xml.ts';

/** Our own choice: 16 messages have at most 64 KB each, and escaping in XML can triple them. */
const MAX_ANSWER_BYTES = 4 * 1_048_576;

/** A message in the queue: https://help.aliyun.com/document_detail/27477.html */
export interface StoredMessage {
  readonly messageId: string;
  /** As it was sent. Latchkey sends base64. */
  readonly body: string;
  /** Milliseconds since the epoch, by SMQ's clock. */
  readonly enqueuedAtMs: number;
  /** How often it was received, this time included. */
  readonly dequeueCount: number;
}

export interface ReceivedMessage extends StoredMessage {
  /** Valid for one deletion, until the message is visible again. */
  readonly receiptHandle: string;
}

/**
 * Reads one queue, for tools only: functions get their messages from triggers. Every method sends one call,
 * once, and rejects with `LatchkeyError`.
 */
export interface SmqReader {
  /** How many messages can be received now. SMQ updates this number with a delay. */
  count(): Promise<number>;
  /** Up to 16 messages, unchanged. The same ones each time, as long as nobody receives. */
  peek(): Promise<readonly StoredMessage[]>;
  /** Up to 16 messages. They are hidden from others for the queue's visibility timeout. */
  receive(): Promise<readonly ReceivedMessage[]>;
  /**
   * Deletes up to 16 received messages.
   *
   * @returns the handles whose messages were not deleted
   */
  remove(receiptHandles: readonly string[]): Promise<readonly string[]>;
  /**
   * Hides a received message from others for so many seconds from now, 1 to 43,200.
   *
   * @returns the handle that replaces the given one
   * @throws {LatchkeyError} `not-found` when the message is visible again already
   */
  hide(receiptHandle: string, seconds: number): Promise<string>;
}

/** @throws {TypeError} for an endpoint or a queue name that cannot be used */
export function smqReader(options: SmqOptions): SmqReader {
  const { queueName } = options;
  const call = smqCaller(options, MAX_ANSWER_BYTES);

  const ask = async (request: Parameters<typeof call>[0]): Promise<SmqAnswer> =>
    smqAnswer(await call(request), queueName, 'read');
  const failureOf = (answer: SmqAnswer): LatchkeyError => smqFailure(answer, queueName, 'read');

  /** SMQ answers with an error when the queue is empty. */
  async function messages(query: string): Promise<readonly XmlElement[]> {
    const below = `/messages?${query}&numOfMessages=${MAX_BATCH_MESSAGES}`;
    const answer = await ask({ method: 'GET', below, document: '' });
    const { status, root } = answer;
    if (status === 200 && root?.name === 'Messages') return root.children;
    const failure = failureOf(answer);
    if (failure.details.vendorCode === 'MessageNotExist') return [];
    throw failure;
  }

  function text(element: XmlElement, name: string): string {
    const found = childText(element, name);
    if (found === undefined || found === '')
      throw smqUnreadable(queueName, 'read', `HTTP 200, a message without ${name}`);
    return found;
  }

  const storedOf = (element: XmlElement): StoredMessage => ({
    messageId: text(element, 'MessageId'),
    body: text(element, 'MessageBody'),
    enqueuedAtMs: Number(text(element, 'EnqueueTime')),
    dequeueCount: Number(text(element, 'DequeueCount')),
  });

  return {
    async count() {
      const answer = await ask({ method: 'GET', below: '', document: '' });
      const { root } = answer;
      const active = root?.name === 'Queue' ? childText(root, 'ActiveMessages') : undefined;
      if (active === undefined) throw failureOf(answer);
      return Number(active);
    },
    async peek() {
      return (await messages('peekonly=true')).map(storedOf);
    },
    async receive() {
      // Overrides the queue's own setting, so that the call does not wait for messages.
      return (await messages('waitseconds=0')).map((element) => ({
        ...storedOf(element),
        receiptHandle: text(element, 'ReceiptHandle'),
      }));
    },
    async remove(receiptHandles) {
      if (receiptHandles.length === 0) return [];
      const handles = receiptHandles.map(
        (handle) => `<ReceiptHandle>${escapeXml(handle)}</ReceiptHandle>`,
      );
      const document = smqDocument('ReceiptHandles', handles.join(''));
      const answer = await ask({ method: 'DELETE', below: '/messages', document });
      const { status, root } = answer;
      // "204 only when all are deleted": https://www.alibabacloud.com/help/doc-detail/35139.htm
      if (status === 204) return [];
      if (root?.name !== 'Errors') throw failureOf(answer);
      return root.children.map((error) => text(error, 'ReceiptHandle'));
    },
    async hide(receiptHandle, seconds) {
      // ChangeMessageVisibility: https://help.aliyun.com/document_detail/27477.html
      const query = `ReceiptHandle=${encodeURIComponent(receiptHandle)}&VisibilityTimeout=${seconds}`;
      const answer = await ask({ method: 'PUT', below: `/messages?${query}`, document: '' });
      if (answer.root?.name !== 'ChangeVisibility') throw failureOf(answer);
      return text(answer.root, 'ReceiptHandle');
    },
  };
}
