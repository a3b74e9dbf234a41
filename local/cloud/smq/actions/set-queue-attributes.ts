import { type Action, onlyQuery, reply } from '../action.ts';
import { attributesWith, readAttributes } from '../attributes.ts';

/** https://help.aliyun.com/en/mns/setqueueattributes. Attributes that are left out keep their value. */
export const setQueueAttributes: Action = (call) => {
  onlyQuery(call, 'metaoverride');
  const queue = call.queues.get(call.queueName);
  queue.attributes = attributesWith(readAttributes(call.body), queue.attributes);
  queue.modifiedAtMs = call.kernel.clock.nowMs();
  return reply(204);
};
