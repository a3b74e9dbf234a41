import { now } from '../../shared/domain/model/messages.ts';
import type { Card } from '../../shared/domain/model/card.ts';
import type { ReplyTo } from '../../shared/domain/model/chat.ts';
import { orderIdOf } from '../../shared/domain/chat/orders.ts';
import type { Queue } from '../../shared/domain/model/ports.ts';
import type { ClickIn, LineIn } from '../../shared/messengers/chat-in.ts';
import { type HttpReply, json } from '../../shared/inbound/fc.ts';
import { sha256 } from '../../shared/outbound/sha256.ts';
import { inFewWords } from './cards.ts';
import type { Pressed } from './click.ts';

export interface RespondPorts {
  /** Where answers go that a response does not carry. */
  readonly chatQueue: Queue;
  /** As Block Kit. */
  readonly renderSlack: (card: Card) => object;
}

/** Slack shows what the response says, the others what comes by the queue. */
export async function respondToLine(
  { account, id, replyTo }: LineIn,
  card: Card,
  ports: RespondPorts,
): Promise<HttpReply> {
  switch (account.platform) {
    case 'slack':
      // https://docs.slack.dev/interactivity/implementing-slash-commands
      return json(200, { response_type: 'ephemeral', ...ports.renderSlack(card) });
    case 'dingtalk':
    case 'feishu':
      await reply(orderIdOf(account.platform, account.tenant, id, sha256), replyTo, card, ports);
      return json(200, {});
  }
}

/** What was sent on is answered by whoever carries it out: only what is not is told from here. */
export async function respondToClick(
  { account, token }: ClickIn,
  { kind, card, replyTo }: Pressed,
  ports: RespondPorts,
): Promise<HttpReply> {
  switch (account.platform) {
    case 'feishu': {
      // https://open.feishu.cn/document/uAjLw4CM/ukzMukzMukzM/feishu-cards/card-callback-communication
      const type = kind === 'sent-on' ? 'info' : 'warning';
      return json(200, { toast: { type, content: inFewWords(card) } });
    }
    case 'slack':
    case 'dingtalk': {
      const { platform, tenant, user } = account;
      const id = orderIdOf(platform, tenant, `${token} ${user}`, sha256);
      if (kind === 'refused' && replyTo !== null) await reply(id, replyTo, card, ports);
      return json(200, {});
    }
  }
}

async function reply(
  id: string,
  to: ReplyTo,
  card: Card,
  { chatQueue }: RespondPorts,
): Promise<void> {
  const [error] = await chatQueue.send([
    now({ kind: 'reply', reply: { id, to, card, attempt: 1 } }),
  ]);
  if (error !== undefined) throw error;
}
