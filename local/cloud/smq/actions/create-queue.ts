import { type Action, onlyQuery, reply } from '../action.ts';
import { attributesWith, checkQueueName, readAttributes, sameAttributes } from '../attributes.ts';
import { smqError } from '../errors.ts';

/**
 * https://www.alibabacloud.com/help/doc-detail/34088.htm. For a queue that exists with the same
 * attributes the answer is 204, with other attributes 409. QueueDeletedRecently is never answered: how long that lasts is not
 * documented.
 */
export const createQueue: Action = (call) => {
  onlyQuery(call);
  const { queues, queueName, headers } = call;
  checkQueueName(queueName);
  const given = readAttributes(call.body);
  const location = { location: `http://${headers['host'] ?? ''}/queues/${queueName}` };
  const existing = queues.find(queueName);
  if (existing === undefined) {
    queues.create(queueName, given, undefined);
    return reply(201, undefined, location);
  }
  if (!sameAttributes(existing.attributes, attributesWith(given))) {
    throw smqError('QueueAlreadyExist');
  }
  return reply(204, undefined, location);
};
