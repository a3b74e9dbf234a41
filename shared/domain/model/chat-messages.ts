import type { Card } from './card.ts';
import type { ReplyTo } from './chat.ts';
import type { Order } from './order.ts';
import { delayUntil } from './messages.ts';
import type { OutMessage } from './ports.ts';

/** An answer on its way to whoever wrote or pressed: `latchkey.reply/1`. */
export interface ReplyMessage {
  /** The same for each delivery of one answer. Another answer to the same line needs another one. */
  readonly id: string;
  readonly to: ReplyTo;
  readonly card: Card;
  /** Which try this is, from 1. */
  readonly attempt: number;
}

/** Answers one line or click, through the function `messenger`. */
export function replyMessage(
  { id, to, card, attempt = 1 }: Omit<ReplyMessage, 'attempt'> & { readonly attempt?: number },
  delaySeconds = 0,
): OutMessage {
  const body = { schema: 'latchkey.reply/1', id, to, card, attempt };
  return { body: JSON.stringify(body), delaySeconds };
}

/** Has the rollout's cards looked at, not before `atMs`. */
export function cardMessage(rolloutId: string, atMs: number, nowMs: number): OutMessage {
  const body = JSON.stringify({ schema: 'latchkey.card/1', rolloutId });
  return { body, delaySeconds: delayUntil(atMs, nowMs) };
}

/** An order on its way to `restart`, which carries it out. */
export function orderMessage(order: Order, delaySeconds = 0): OutMessage {
  return { body: JSON.stringify({ schema: 'latchkey.order/1', ...order }), delaySeconds };
}
