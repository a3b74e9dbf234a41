import type { LatchkeyError } from '../../domain/model/errors.ts';
import { type SmqAnswer, smqAnswer, smqFailure } from './answer.ts';
import { MAX_BATCH_MESSAGES } from './batches.ts';
import { smqCaller, type SmqOptions } from './call.ts';
import { smqUnreadable } from './errors.ts';
import { childText, escapeXml, type XmlElement } from './xml.ts';

const NAMESPACE = 'http://mns.aliyuncs.com/doc/v1/';
/** Our own choice: 16 messages have 64 KB each at most, and XML may triple what it escapes. */
const MAX_ANSWER_BYTES = 4 * 1_048_576;

/** A message as it lies in the queue: https://help.aliyun.com/document_detail/27477.html */
export interface StoredMessage {
  readonly messageId: string;
  /** As it was sent; ours are base64. */
  readonly body: string;
  /** Milliseconds since the epoch, by SMQ's clock. */
  readonly enqueuedAtMs: number;
  /** How often it was received before, this time included. */
  readonly dequeueCount: number;
}

export interface ReceivedMessage extends StoredMessage {
  /** Good for one deletion, until the message is visible again. */
  readonly receiptHandle: string;
}

/**
 * One queue, for tools: functions never read a queue, their triggers do. Nothing is sent twice, and
 * every method rejects with `LatchkeyError`.
 */
export interface SmqReader {
  /** How many messages can be received now. SMQ counts with a delay. */
  count(): Promise<number>;
  /** Up to 16, without a change to them. Always the same ones, as long as nobody receives. */
  peek(): Promise<readonly StoredMessage[]>;
  /** Up to 16, which nobody else sees for as long as the queue's visibility timeout says. */
  receive(): Promise<readonly ReceivedMessage[]>;
  /**
   * Up to 16.
   *
   * @returns the handles whose messages were not deleted
   */
  remove(receiptHandles: readonly string[]): Promise<readonly string[]>;
  /**
   * Has a received message seen by nobody else for so many seconds from now, 1 to 43,200.
   *
   * @returns the handle that is good from now on in place of the given one
   * @throws {LatchkeyError} `not-found` when the message was visible again already
   */
  hide(receiptHandle: string, seconds: number): Promise<string>;
}

/** @throws {TypeError} for an endpoint or a queue name that cannot be used */
export function smqReader(options: SmqOptions): SmqReader {
  const { queueName } = options;
  const call = smqCaller(options, MAX_ANSWER_BYTES);
  const unreadable = (status: number, why: string, cause?: unknown) =>
    smqUnreadable(queueName, `HTTP ${status}, ${why}`, cause, 'read');

  const ask = async (request: Parameters<typeof call>[0]): Promise<SmqAnswer> =>
    smqAnswer(await call(request), queueName, 'read');
  const failureOf = (answer: SmqAnswer): LatchkeyError => smqFailure(answer, queueName, 'read');

  /** An empty queue is an error to SMQ, and no message to us. */
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
    if (found === undefined || found === '') throw unreadable(200, `a message without ${name}`);
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
      // Without it the queue's own setting decides how long an empty queue keeps us waiting.
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
      const list = `<ReceiptHandles xmlns="${NAMESPACE}">${handles.join('')}</ReceiptHandles>`;
      const document = `<?xml version="1.0" encoding="UTF-8"?>${list}`;
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
