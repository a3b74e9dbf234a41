import { type Action, onlyQuery, reply } from '../action.ts';
import { smqError } from '../errors.ts';
import { RANGES } from '../limits.ts';
import { takeWithin } from '../long-poll.ts';
import { receivedXml } from '../messages.ts';
import { integerIn } from '../schema.ts';
import { waitMsOf } from './receive-message.ts';

/**
 * https://www.alibabacloud.com/help/doc-detail/35137.htm. Answers as soon as there is a message, with
 * all that are visible then. It does not wait for more.
 */
export const batchReceiveMessage: Action = async (call) => {
  onlyQuery(call, 'waitseconds', 'numofmessages');
  const { queues, kernel, queueName } = call;
  const text = call.query.get('numofmessages') ?? '';
  const max = integerIn(text, 'numOfMessages', RANGES.numOfMessages);
  const messages = await takeWithin(queues, kernel.clock, queueName, max, waitMsOf(call));
  if (messages.length === 0) throw smqError('MessageNotExist');
  return reply(200, ['Messages', messages.map(receivedXml)]);
};
