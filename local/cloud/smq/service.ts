import type { Kernel } from '../kernel/kernel.ts';
import type { Service } from '../kernel/service.ts';
import type { VendorError } from '../kernel/vendor-error.ts';
import type { WireReply } from '../../http/wire.ts';
import { type Action, reply } from './action.ts';
import { batchDeleteMessage } from './actions/batch-delete-message.ts';
import { batchPeekMessage } from './actions/batch-peek-message.ts';
import { batchReceiveMessage } from './actions/batch-receive-message.ts';
import { batchSendMessage } from './actions/batch-send-message.ts';
import { changeMessageVisibility } from './actions/change-message-visibility.ts';
import { createQueue } from './actions/create-queue.ts';
import { deleteMessage } from './actions/delete-message.ts';
import { deleteQueue } from './actions/delete-queue.ts';
import { getQueueAttributes } from './actions/get-queue-attributes.ts';
import { listQueue } from './actions/list-queue.ts';
import { peekMessage } from './actions/peek-message.ts';
import { receiveMessage } from './actions/receive-message.ts';
import { sendMessage } from './actions/send-message.ts';
import { setQueueAttributes } from './actions/set-queue-attributes.ts';
import { SmqError, smqError, vendorError } from './errors.ts';
import type { Queues } from './queues.ts';
import { ACTION_NAMES, type ActionName, routeOf } from './route.ts';
import { authenticate, claimedKey } from './signature.ts';

const ACTIONS: Readonly<Record<ActionName, Action>> = {
  CreateQueue: createQueue,
  DeleteQueue: deleteQueue,
  ListQueue: listQueue,
  GetQueueAttributes: getQueueAttributes,
  SetQueueAttributes: setQueueAttributes,
  SendMessage: sendMessage,
  BatchSendMessage: batchSendMessage,
  ReceiveMessage: receiveMessage,
  BatchReceiveMessage: batchReceiveMessage,
  PeekMessage: peekMessage,
  BatchPeekMessage: batchPeekMessage,
  DeleteMessage: deleteMessage,
  BatchDeleteMessage: batchDeleteMessage,
  ChangeMessageVisibility: changeMessageVisibility,
};

/** The SMQ HTTP API, version 2015-06-06: https://help.aliyun.com/document_detail/27487.html */
export function smqService(kernel: Kernel, queues: Queues): Service {
  const withCommonHeaders = (answer: WireReply, requestId: string): WireReply => ({
    ...answer,
    headers: { 'x-mns-request-id': requestId, 'x-mns-version': '2015-06-06', ...answer.headers },
  });
  const errorReply = (error: VendorError, requestId = newRequestId(kernel)): WireReply => {
    const document = reply(error.status, [
      'Error',
      [
        ['Code', error.code],
        ['Message', error.message],
        ['RequestId', requestId],
        ['HostId', `mns.${kernel.settings.regionId}.aliyuncs.com`],
      ],
    ]);
    return withCommonHeaders(document, requestId);
  };
  return {
    name: 'smq',
    actions: ACTION_NAMES,
    actionOf: (request) => routeOf(request)?.action ?? '',
    accessKeyOf: claimedKey,
    async handle(request, spoil) {
      const requestId = newRequestId(kernel);
      try {
        authenticate(kernel, request);
        const route = routeOf(request);
        if (route === undefined) throw smqError('InvalidRequestURL');
        const { headers, body } = request;
        const { action, queueName, query } = route;
        const call = { kernel, queues, queueName, query, headers, body, requestId, spoil };
        return withCommonHeaders(await ACTIONS[action](call), requestId);
      } catch (error) {
        if (error instanceof SmqError) return errorReply(error.error, requestId);
        throw error;
      }
    },
    errorReply: (error) => errorReply(error),
    throttled: vendorError('QpsLimitExceeded'),
  };
}

/** 24 hex digits, as in the documents' examples. */
export function newRequestId(kernel: Kernel): string {
  return kernel.requestId().replaceAll('-', '').slice(0, 24);
}
