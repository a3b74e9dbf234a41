import { inOneLine, MAX_NOTE } from '../../domain/chat/cards/words.ts';
import type { Card } from '../../domain/model/card.ts';
import type { InboundMessenger } from '../inbound-messenger.ts';
import { type FeishuApp, readFeishu } from './feishu-in.ts';

export const feishuInbound: InboundMessenger = {
  path: /^\/chat\/feishu$/,
  contentType: 'json',
  // For up to seven hours.
  retriesLines: true,

  receive: (request, app: FeishuApp, { nowMs }) => readFeishu(request, app, nowMs),

  // https://open.feishu.cn/document/uAjLw4CM/ukzMukzMukzM/feishu-cards/card-callback-communication
  answerClick(card, outcome) {
    const type = outcome === 'sent-on' ? 'info' : 'warning';
    return { toast: { type, content: toastOf(card) } };
  },
};

/** The card in one line. A toast has no room for more. */
function toastOf({ title, blocks }: Card): string {
  const [text] = blocks.flatMap((block) => (block.kind === 'text' ? [block.text] : []));
  return inOneLine(text === undefined ? title : `${title}: ${text}`, MAX_NOTE);
}
