import { type Action, onlyQuery, reply } from '../action.ts';

/** https://www.alibabacloud.com/help/doc-detail/34088.htm. The two times are seconds, unlike a message's. */
export const getQueueAttributes: Action = (call) => {
  onlyQuery(call);
  const queue = call.queues.get(call.queueName);
  const { attributes, createdAtMs, modifiedAtMs } = queue;
  const { active, inactive, delayed } = queue.counts();
  return reply(200, [
    'Queue',
    [
      ['QueueName', queue.name],
      ['CreateTime', Math.floor(createdAtMs / 1_000)],
      ['LastModifyTime', Math.floor(modifiedAtMs / 1_000)],
      ['DelaySeconds', attributes.DelaySeconds],
      ['MaximumMessageSize', attributes.MaximumMessageSize],
      ['MessageRetentionPeriod', attributes.MessageRetentionPeriod],
      ['VisibilityTimeout', attributes.VisibilityTimeout],
      ['PollingWaitSeconds', attributes.PollingWaitSeconds],
      ['ActiveMessages', active],
      ['InactiveMessages', inactive],
      ['DelayMessages', delayed],
      ['LoggingEnabled', attributes.LoggingEnabled ? 'True' : 'False'],
    ],
  ]);
};
