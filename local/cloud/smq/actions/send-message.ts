import { type Action, onlyQuery, reply } from '../action.ts';
import { sentXml } from '../messages.ts';
import { messageFields, newMessage } from '../new-message.ts';
import { documentOf } from '../schema.ts';

/** https://help.aliyun.com/en/mns/developer-reference/sendmessage */
export const sendMessage: Action = (call) => {
  onlyQuery(call);
  const queue = call.queues.get(call.queueName);
  const fields = messageFields(documentOf(call.body, 'Message'));
  const [sent] = queue.add([newMessage(fields, queue.attributes, call.requestId)]);
  return reply(201, sentXml(sent!));
};
