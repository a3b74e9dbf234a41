import type { QueueMessage, StoredMessage } from './message.ts';
import type { Xml } from './write-xml.ts';

/** A message as ReceiveMessage returns it: https://help.aliyun.com/zh/mns/receivemessage. Times are milliseconds. */
export function receivedXml(message: QueueMessage): Xml {
  return [
    'Message',
    [
      ['MessageId', message.messageId],
      ['ReceiptHandle', message.receiptHandle],
      ['MessageBody', message.body],
      ['MessageBodyMD5', message.bodyMd5],
      ['EnqueueTime', message.enqueuedAtMs],
      ['NextVisibleTime', message.nextVisibleAtMs],
      ['FirstDequeueTime', message.firstDequeuedAtMs],
      ['DequeueCount', message.dequeueCount],
      ['Priority', message.priority],
    ],
  ];
}

/** A message as PeekMessage returns it: https://help.aliyun.com/en/mns/developer-reference/peekmessage */
export function peekedXml(message: StoredMessage): Xml {
  return [
    'Message',
    [
      ['MessageId', message.messageId],
      ['MessageBody', message.body],
      ['MessageBodyMD5', message.bodyMd5],
      ['EnqueueTime', message.enqueuedAtMs],
      // Never received: the time it came, https://help.aliyun.com/document_detail/27477.html
      ['FirstDequeueTime', message.firstDequeuedAtMs ?? message.enqueuedAtMs],
      ['DequeueCount', message.dequeueCount],
      ['Priority', message.priority],
    ],
  ];
}

/** The answer to the sender. Only a delayed message has a receipt handle. */
export function sentXml({ messageId, bodyMd5, handle }: StoredMessage): Xml {
  return [
    'Message',
    [
      ['MessageId', messageId],
      ['MessageBodyMD5', bodyMd5],
      ['ReceiptHandle', handle],
    ],
  ];
}
