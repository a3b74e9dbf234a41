import { type Action, onlyQuery, reply } from '../action.ts';
import { smqError } from '../errors.ts';
import { RANGES } from '../limits.ts';
import { integerIn } from '../schema.ts';

/** https://help.aliyun.com/document_detail/27477.html: The new time counts from now. The handle changes. */
export const changeMessageVisibility: Action = (call) => {
  onlyQuery(call, 'receipthandle', 'visibilitytimeout');
  const queue = call.queues.get(call.queueName);
  const handle = call.query.get('receipthandle') ?? '';
  const text = call.query.get('visibilitytimeout') ?? '';
  if (handle === '') throw smqError('MissingReceiptHandle');
  if (text === '') throw smqError('MissingVisibilityTimeout');
  const seconds = integerIn(text, 'VisibilityTimeout', RANGES.VisibilityTimeout);
  const changed = queue.changeVisibility(handle, seconds * 1_000);
  return reply(200, [
    'ChangeVisibility',
    [
      ['ReceiptHandle', changed.handle],
      ['NextVisibleTime', changed.visibleAtMs],
    ],
  ]);
};
