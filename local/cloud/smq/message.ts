import { createHash, randomUUID } from 'node:crypto';

/** A message as a consumer receives it. Times are epoch milliseconds. */
export interface QueueMessage {
  /** 32 upper-case hex digits; the same at every delivery. */
  readonly messageId: string;
  readonly body: string;
  /** Upper-case hex. */
  readonly bodyMd5: string;
  /** Valid for one use, until `nextVisibleAtMs`. */
  readonly receiptHandle: string;
  readonly enqueuedAtMs: number;
  readonly firstDequeuedAtMs: number;
  readonly nextVisibleAtMs: number;
  readonly dequeueCount: number;
  readonly priority: number;
  /** Of the call that sent it. */
  readonly requestId: string;
}

export interface NewMessage {
  readonly body: string;
  readonly priority: number;
  readonly delayMs: number;
  readonly requestId: string;
}

/** Where a dead letter came from: the vendor's `DLQSourceArn` and `DLQOriginMessageId`. */
export interface DeadLetterOrigin {
  readonly queueName: string;
  readonly messageId: string;
}

/** active: can be received. inactive: received, hidden. delayed: sent, hidden. */
export type MessageState = 'active' | 'inactive' | 'delayed';

/** The part of a message that never changes. */
export interface MessageContent {
  readonly messageId: string;
  readonly body: string;
  readonly bodyMd5: string;
  readonly priority: number;
  readonly requestId: string;
  readonly enqueuedAtMs: number;
  readonly origin?: DeadLetterOrigin;
}

/** A message as the queue keeps it. */
export interface StoredMessage extends MessageContent {
  /** Unlike the message id, unique in the queue even when a fault delivers a message twice. */
  readonly key: number;
  firstDequeuedAtMs?: number;
  dequeueCount: number;
  state: MessageState;
  visibleAtMs: number;
  handle?: string;
}

export function newMessageId(): string {
  return randomUUID().replaceAll('-', '').toUpperCase();
}

export function md5Of(body: string): string {
  return createHash('md5').update(body).digest('hex').toUpperCase();
}

/** In the form of the documents' examples: `1-` and base64 of numbers joined by hyphens. */
export function receiptHandle(...numbers: number[]): string {
  return `1-${Buffer.from(numbers.join('-')).toString('base64')}`;
}

/** Whether a text has the form of a handle. Another form gets an error code of its own. */
export function looksLikeHandle(handle: string): boolean {
  const [version, code] = [handle.slice(0, 2), handle.slice(2)];
  const numbers = Buffer.from(code, 'base64').toString('latin1');
  return version === '1-' && /^\d+(-\d+){2}$/.test(numbers);
}
