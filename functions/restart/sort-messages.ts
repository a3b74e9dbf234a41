import type { Launch } from '../../shared/domain/model/launch.ts';
import type { NoticeMessage } from '../../shared/domain/model/notice-message.ts';
import type { Order } from '../../shared/domain/model/order.ts';
import type { RestartEvent } from '../../shared/inbound/restart-event.ts';

type Messages = (RestartEvent & { readonly kind: 'messages' })['messages'];

/** Sorts messages by their use case. Rollouts and orders once each, in the order of their first messages. */
export function sortMessages(messages: Messages) {
  const rolloutIds = new Set<string>();
  const launches: Launch[] = [];
  const gathered: Launch[] = [];
  const notices: NoticeMessage[] = [];
  const orders = new Map<string, Order>();
  const probeIds: string[] = [];
  for (const message of messages) {
    switch (message.kind) {
      case 'wake':
        rolloutIds.add(message.rolloutId);
        break;
      case 'result':
        rolloutIds.add(message.result.rolloutId);
        break;
      case 'launch':
        launches.push(message.launch);
        break;
      case 'launches':
        gathered.push(...message.launches);
        break;
      case 'notice':
        notices.push(message.notice);
        break;
      case 'order':
        orders.set(message.order.id, message.order);
        break;
      case 'probe':
        probeIds.push(message.id);
        break;
    }
  }
  return {
    rolloutIds: [...rolloutIds],
    launches,
    gathered,
    notices,
    orders: [...orders.values()],
    probeIds,
  };
}
