import { type Action, onlyQuery, reply } from '../action.ts';
import { smqError } from '../errors.ts';
import { RANGES } from '../limits.ts';
import { peekedXml } from '../messages.ts';
import { integerIn } from '../schema.ts';

/** Like PeekMessage, for up to 16 messages. */
export const batchPeekMessage: Action = (call) => {
  onlyQuery(call, 'peekonly', 'numofmessages');
  const text = call.query.get('numofmessages') ?? '';
  const max = integerIn(text, 'numOfMessages', RANGES.numOfMessages);
  const messages = call.queues.get(call.queueName).peek(max);
  if (messages.length === 0) throw smqError('MessageNotExist');
  return reply(200, ['Messages', messages.map(peekedXml)]);
};
