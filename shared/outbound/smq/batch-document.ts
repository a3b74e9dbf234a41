import type { WireMessage } from './batches.ts';
import { childText, escapeXml, parseXml, type XmlElement } from './xml.ts';

const NAMESPACE = 'http://mns.aliyuncs.com/doc/v1/';

/** The body of BatchSendMessage: https://help.aliyun.com/en/mns/developer-reference/batchsendmessage */
export function batchDocument(messages: readonly WireMessage[]): string {
  const entries = messages.map(
    ({ body, delaySeconds }) =>
      `<Message><MessageBody>${escapeXml(body)}</MessageBody><DelaySeconds>${delaySeconds}</DelaySeconds></Message>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?><Messages xmlns="${NAMESPACE}">${entries.join('')}</Messages>`;
}

export interface SmqFailure {
  readonly code: string;
  readonly message: string;
}

export type BatchAnswer =
  /** One for each message, in order: undefined when it was sent. */
  | { readonly kind: 'entries'; readonly entries: readonly (SmqFailure | undefined)[] }
  | { readonly kind: 'refused'; readonly failure: SmqFailure; readonly requestId?: string }
  | { readonly kind: 'unreadable'; readonly why: string; readonly cause?: unknown };

/**
 * Reads the answer to BatchSendMessage by its shape, not by its status: which status a partial
 * failure comes with is documented nowhere. What has neither shape is never a success.
 */
export function readBatchAnswer(document: string, count: number, ok: boolean): BatchAnswer {
  let root: XmlElement;
  try {
    root = parseXml(document);
  } catch (cause) {
    return { kind: 'unreadable', why: 'not XML', cause };
  }
  if (root.name === 'Error') {
    const code = childText(root, 'Code');
    if (code === undefined) return { kind: 'unreadable', why: 'an error without a code' };
    const requestId = childText(root, 'RequestId');
    return {
      kind: 'refused',
      failure: { code, message: childText(root, 'Message') ?? '' },
      ...(requestId === undefined ? {} : { requestId }),
    };
  }
  const messages = root.name === 'Messages' ? root.children : [];
  if (messages.length !== count || messages.some(({ name }) => name !== 'Message')) {
    return { kind: 'unreadable', why: `not ${count} messages in "${root.name}"` };
  }
  const entries = messages.map(readEntry);
  if (entries.includes('neither')) {
    return { kind: 'unreadable', why: 'a message with neither an id nor an error code' };
  }
  if (!ok && entries.every((entry) => entry === undefined)) {
    return { kind: 'unreadable', why: 'every message sent, but the call failed' };
  }
  return { kind: 'entries', entries: entries.filter((entry) => entry !== 'neither') };
}

function readEntry(message: XmlElement): SmqFailure | undefined | 'neither' {
  const code = childText(message, 'ErrorCode');
  if (code !== undefined && code !== '') {
    return { code, message: childText(message, 'ErrorMessage') ?? '' };
  }
  return (childText(message, 'MessageId') ?? '') === '' ? 'neither' : undefined;
}
