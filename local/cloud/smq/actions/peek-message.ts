import { type Action, onlyQuery, reply } from '../action.ts';
import { smqError } from '../errors.ts';
import { peekedXml } from '../messages.ts';

/** https://help.aliyun.com/en/mns/developer-reference/peekmessage. It changes nothing and returns no handle. */
export const peekMessage: Action = (call) => {
  onlyQuery(call, 'peekonly');
  const [message] = call.queues.get(call.queueName).peek(1);
  if (message === undefined) throw smqError('MessageNotExist');
  return reply(200, peekedXml(message));
};
