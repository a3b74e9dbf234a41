import { type Action, type ActionCall, onlyQuery, reply } from '../action.ts';
import { smqError } from '../errors.ts';
import { RANGES } from '../limits.ts';
import { takeWithin } from '../long-poll.ts';
import { receivedXml } from '../messages.ts';
import { integerIn } from '../schema.ts';

/** https://help.aliyun.com/zh/mns/receivemessage. An empty queue is an error, not an empty answer. */
export const receiveMessage: Action = async (call) => {
  onlyQuery(call, 'waitseconds');
  const { queues, kernel, queueName } = call;
  const waitMs = waitMsOf(call);
  const [message] = await takeWithin(queues, kernel.clock, queueName, 1, waitMs);
  if (message === undefined) throw smqError('MessageNotExist');
  return reply(200, receivedXml(message));
};

/**
 * How long the call waits for a message: as the call says, else as the queue says.
 *
 * @throws {SmqError} QueueNotExist or InvalidArgument
 */
export function waitMsOf({ queues, queueName, query }: ActionCall): number {
  const { PollingWaitSeconds } = queues.get(queueName).attributes;
  const text = query.get('waitseconds');
  const seconds =
    text === undefined ? PollingWaitSeconds : integerIn(text, 'waitseconds', RANGES.waitseconds);
  return seconds * 1_000;
}
