import { type Action, onlyQuery, reply } from '../action.ts';
import { againstSchema, SmqError } from '../errors.ts';
import { MAX_BATCH } from '../limits.ts';
import { documentOf, itemsOf } from '../schema.ts';
import type { Xml } from '../write-xml.ts';

/**
 * https://www.alibabacloud.com/help/doc-detail/35139.htm: 204 only when all are deleted, else the
 * errors. Their status is not documented: 404 for a missing message, 400 for an invalid handle.
 */
export const batchDeleteMessage: Action = (call) => {
  onlyQuery(call);
  const queue = call.queues.get(call.queueName);
  const document = documentOf(call.body, 'ReceiptHandles');
  const items = itemsOf(document, 'ReceiptHandle', { low: 1, high: MAX_BATCH });
  if (items.some(({ children }) => children.length > 0)) throw againstSchema('ReceiptHandle');

  const errors: Xml[] = [];
  let status = 404;
  for (const { text } of items) {
    const handle = text.trim();
    try {
      queue.remove(handle);
    } catch (error) {
      if (!(error instanceof SmqError)) throw error;
      const { code, message } = error.error;
      if (code === 'ReceiptHandleError') status = 400;
      const parts: Xml[] = [
        ['ErrorCode', code],
        ['ErrorMessage', message],
        ['ReceiptHandle', handle],
      ];
      errors.push(['Error', parts]);
    }
  }
  return errors.length === 0 ? reply(204) : reply(status, ['Errors', errors]);
};
