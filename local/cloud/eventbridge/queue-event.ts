import type { CloudEvent } from '../kernel/kernel.ts';
import type { CloudSettings } from '../kernel/settings.ts';
import type { QueueMessage } from '../smq/index.ts';
import type { QueueStream } from './targets.ts';

/**
 * The event that a queue message becomes, as captured from a function with an MNS trigger
 * (github.com/awesome-fc, python3-mns-queue-trigger, 2022): the id is the message's, source and bus are
 * `MNS-<function>-<trigger>`, and there is no receipt handle. Two things are guesses: that `requestId`
 * is the one of the call that sent the message, and that a stream's elements carry the whole envelope.
 */
export function queueEvent(
  message: QueueMessage,
  stream: QueueStream,
  settings: CloudSettings,
  nowMs: number,
): CloudEvent {
  const { accountId, regionId } = settings;
  const bus = `MNS-${stream.functionName}-${stream.name}`;
  const { messageId, requestId, body } = message;
  return {
    id: messageId,
    source: bus,
    specversion: '1.0',
    type: 'mns:Queue:SendMessage',
    datacontenttype: 'application/json;charset=utf-8',
    subject: `acs:mns:${regionId}:${accountId}:queues/${stream.queueName}`,
    time: new Date(message.enqueuedAtMs).toISOString(),
    aliyunaccountid: accountId,
    aliyunpublishtime: new Date(nowMs).toISOString(),
    aliyunoriginalaccountid: accountId,
    aliyuneventbusname: bus,
    aliyunregionid: regionId,
    aliyunpublishaddr: '127.0.0.1',
    data: { requestId, messageId, messageBody: stream.base64Decode ? decoded(body) : body },
  };
}

/** A body that is not base64 is left as it is. What the real stream does is not documented. */
function decoded(body: string): string {
  const bytes = Buffer.from(body, 'base64');
  return bytes.toString('base64') === body ? bytes.toString('utf8') : body;
}
