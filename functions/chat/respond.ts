import { orderIdOf } from '../../shared/domain/chat/orders.ts';
import type { Card } from '../../shared/domain/model/card.ts';
import type { ReplyTo } from '../../shared/domain/model/chat.ts';
import { now } from '../../shared/domain/model/messages.ts';
import type { Queue } from '../../shared/domain/model/ports.ts';
import { type HttpReply, json } from '../../shared/inbound/fc.ts';
import type { ClickIn, LineIn } from '../../shared/messengers/chat-in.ts';
import { INBOUND } from '../../shared/messengers/registry/inbound.ts';
import { sha256 } from '../../shared/outbound/sha256.ts';
import type { ClickAnswer } from './click.ts';

export interface RespondPorts {
  /** For answers that the response does not show. */
  readonly chatQueue: Queue;
}

/** Shows the card in the response where the platform can, else sends it as a message. */
export async function respondToLine(
  { account: { platform, tenant }, id, replyTo }: LineIn,
  card: Card,
  ports: RespondPorts,
): Promise<HttpReply> {
  const shown = INBOUND[platform].answerLine?.(card);
  if (shown !== undefined) return json(200, shown);
  await reply(orderIdOf(platform, tenant, id, sha256), replyTo, card, ports);
  return json(200, {});
}

/** As `respondToLine`. A click that was sent on is answered by the function that carries it out. */
export async function respondToClick(
  { account: { platform, tenant, user }, token }: ClickIn,
  { kind, card, replyTo }: ClickAnswer,
  ports: RespondPorts,
): Promise<HttpReply> {
  const shown = INBOUND[platform].answerClick?.(card, kind);
  if (shown !== undefined) return json(200, shown);
  if (kind === 'refused' && replyTo !== null) {
    await reply(orderIdOf(platform, tenant, `${token} ${user}`, sha256), replyTo, card, ports);
  }
  return json(200, {});
}

async function reply(
  id: string,
  to: ReplyTo,
  card: Card,
  { chatQueue }: RespondPorts,
): Promise<void> {
  const answer = { kind: 'reply', reply: { id, to, card, attempt: 1 } } as const;
  const [error] = await chatQueue.send([now(answer)]);
  if (error !== undefined) throw error;
}
