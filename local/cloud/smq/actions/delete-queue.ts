import { type Action, onlyQuery, reply } from '../action.ts';

/**
 * https://help.aliyun.com/document_detail/35132.htm. The messages are deleted, too. The answer for
 * a queue that does not exist is not documented: here QueueNotExist.
 */
export const deleteQueue: Action = (call) => {
  onlyQuery(call);
  call.queues.delete(call.queueName);
  return reply(204);
};
