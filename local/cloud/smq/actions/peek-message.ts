import { type Action, onlyQuery, reply } from '../action.ts';
import { smqError } from '../errors.ts';
import { peekedXml } from '../messages.ts';

/** https://help.aliyun.com/en/mns/developer-reference/peekmessage. Changes nothing, gives no handle. */
export const peekMessage: Action = (call) => {
  onlyQuery(call, 'peekonly');
  const [message] = call.queues.get(call.queueName).peek(1);
  if (message === undefined) throw smqError('MessageNotExist');
  return reply(200, peekedXml(message));
};
