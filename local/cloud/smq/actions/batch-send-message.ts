import { type Action, onlyQuery, reply } from '../action.ts';
import { outOfRange, SmqError } from '../errors.ts';
import { MAX_BATCH, MAX_BATCH_BYTES } from '../limits.ts';
import type { NewMessage } from '../message.ts';
import { sentXml } from '../messages.ts';
import { bodyBytes, messageFields, newMessage } from '../new-message.ts';
import { documentOf, itemsOf } from '../schema.ts';
import type { Xml } from '../write-xml.ts';

/**
 * https://help.aliyun.com/en/mns/developer-reference/batchsendmessage. One answer a message, in order.
 * The status of a partial failure is not documented. The SDKs for Go and Java treat it as an error, hence 500.
 * The messages that did not fail are in the queue.
 *
 * The fault `instance-failure` names the messages to fail by their place in the batch, from "1".
 */
export const batchSendMessage: Action = (call) => {
  onlyQuery(call);
  const queue = call.queues.get(call.queueName);
  const items = itemsOf(documentOf(call.body, 'Messages'), 'Message', { low: 1, high: MAX_BATCH });
  const fields = items.map(messageFields);
  const bytes = fields.reduce((sum, each) => sum + bodyBytes(each), 0);
  if (bytes > MAX_BATCH_BYTES) throw outOfRange('Messages', { low: 1, high: MAX_BATCH_BYTES });

  const judged = fields.map((each, index): Judged => {
    const spoiled = call.spoil.fail.get(String(index + 1));
    if (spoiled !== undefined) return { kind: 'refused', ...spoiled };
    try {
      return { kind: 'good', message: newMessage(each, queue.attributes, call.requestId) };
    } catch (error) {
      if (!(error instanceof SmqError)) throw error;
      return { kind: 'refused', code: error.error.code, message: error.error.message };
    }
  });
  const sent = queue.add(judged.flatMap((one) => (one.kind === 'good' ? [one.message] : [])));
  const answers = judged.map((one) =>
    one.kind === 'good' ? sentXml(sent.shift()!) : refusedXml(one.code, one.message),
  );
  const partial = judged.some(({ kind }) => kind === 'refused');
  return reply(partial ? 500 : 201, ['Messages', answers]);
};

type Judged =
  | { readonly kind: 'good'; readonly message: NewMessage }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string };

function refusedXml(code: string, message: string): Xml {
  return [
    'Message',
    [
      ['ErrorCode', code],
      ['ErrorMessage', message],
    ],
  ];
}
