import { type Action, onlyQuery, reply } from '../action.ts';
import { smqError } from '../errors.ts';

/** https://help.aliyun.com/document_detail/35139.html. An expired handle deletes nothing. */
export const deleteMessage: Action = (call) => {
  onlyQuery(call, 'receipthandle');
  const queue = call.queues.get(call.queueName);
  const handle = call.query.get('receipthandle');
  if (handle === undefined || handle === '') throw smqError('MissingReceiptHandle');
  queue.remove(handle);
  return reply(204);
};
