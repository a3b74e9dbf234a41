import { randomBytes } from 'node:crypto';
import { acceptedBody, type Called } from '../call-function.ts';
import type { Message } from '../conversation.ts';
import type { EmulatedPlatform, Surroundings } from '../platform.ts';
import { type Fields, isFields, jsonObject } from '../wire.ts';
import { type Member, WORKSPACE } from '../workspace.ts';
import { buttonsOf, cardFault } from './check-card.ts';
import { encrypt, larkHeaders } from './encrypt.ts';
import { messageApi } from './messages.ts';
import { tokenApi } from './token-api.ts';

const { feishu } = WORKSPACE;

/** Feishu: the bot of a custom app, with encrypted events, card actions and the message API. */
export function emulatedFeishu(
  secrets: {
    readonly feishuAppSecret: string;
    readonly feishuEncryptKey: string;
    readonly feishuVerificationToken: string;
  },
  surroundings: Surroundings,
): EmulatedPlatform {
  const { conversation, nowMs } = surroundings;
  const tokens = tokenApi(secrets.feishuAppSecret, nowMs);

  return {
    routes: [tokens.route, ...messageApi(tokens, surroundings)],

    async say(member, text) {
      const { id, atMs } = conversation.add({
        platform: 'feishu',
        id: hexId('om_'),
        author: member.id,
        body: { kind: 'text', text: `@Latchkey ${text}` },
      });
      const called = await post('im.message.receive_v1', messageEvent(member, id, text, atMs));
      if (acceptedBody(called) === undefined) {
        // Feishu would try again, first after 15 s. The page reports the failure at once.
        conversation.toast('feishu', member.id, 'error', 'The bot did not accept the message');
      }
      return called;
    },

    async press(member, message, index) {
      const card = message.body.kind === 'card' ? message.body.card : undefined;
      const button = buttonsOf(card)[index];
      if (button === undefined) return undefined;
      const called = await post('card.action.trigger', actionEvent(member, message, button));
      showAnswer(member, message, called);
      return called;
    },
  };

  /** https://open.feishu.cn/document/ukTMukTMukTM/uUTNz4SN1MjL1UzM */
  function post(eventType: string, event: Fields): Promise<Called> {
    const plain = JSON.stringify({
      schema: '2.0',
      header: {
        event_id: randomBytes(16).toString('hex'),
        token: secrets.feishuVerificationToken,
        create_time: String(nowMs()),
        event_type: eventType,
        tenant_key: feishu.tenantKey,
        app_id: feishu.appId,
      },
      event,
    });
    const body = JSON.stringify({ encrypt: encrypt(secrets.feishuEncryptKey, plain) });
    const timestampSec = Math.floor(nowMs() / 1_000);
    const nonce = randomBytes(8).toString('hex');
    const headers = larkHeaders(secrets.feishuEncryptKey, timestampSec, nonce, body);
    return surroundings.post('/chat/feishu', headers, body);
  }

  /** The answer may have a toast, and a card that replaces the old one. */
  function showAnswer(member: Member, message: Message, called: Called): void {
    const answer = acceptedBody(called);
    if (answer === undefined) {
      const text = 'The callback service did not respond in time';
      conversation.toast('feishu', member.id, 'error', text);
      return;
    }
    const { toast, card } = jsonObject(answer) ?? {};
    if (isFields(toast)) {
      const { type = 'info', content = '' } = toast;
      conversation.toast('feishu', member.id, String(type), String(content));
    }
    if (!isFields(card) || card['type'] !== 'raw') return;
    if (cardFault(card['data']) === undefined) {
      conversation.edit(message, { kind: 'card', card: card['data'] });
    } else conversation.toast('feishu', member.id, 'error', 'Cannot update the card');
  }
}

function idsOf(member: Member): Fields {
  const open = member.accounts.feishu;
  return { union_id: open.replace('ou_', 'on_'), user_id: `u${member.id}`, open_id: open };
}

/** https://open.feishu.cn/document/server-docs/im-v1/message/events/receive */
function messageEvent(member: Member, id: string, text: string, atMs: number): Fields {
  const bot = { union_id: 'on_10ca1b07', user_id: '', open_id: feishu.botOpenId };
  return {
    sender: { sender_id: idsOf(member), sender_type: 'user', tenant_key: feishu.tenantKey },
    message: {
      message_id: id,
      create_time: String(atMs),
      update_time: String(atMs),
      chat_id: feishu.chatId,
      chat_type: 'group',
      message_type: 'text',
      content: JSON.stringify({ text: `@_user_1 ${text}` }),
      mentions: [{ key: '@_user_1', id: bot, name: 'Latchkey', tenant_key: feishu.tenantKey }],
    },
  };
}

/** https://open.feishu.cn/document/uAjLw4CM/ukzMukzMukzM/feishu-cards/card-callback-communication */
function actionEvent(member: Member, message: Message, button: Fields): Fields {
  const behaviors = button['behaviors'] as Fields[] | undefined;
  return {
    operator: { tenant_key: feishu.tenantKey, ...idsOf(member) },
    token: hexId('c-'),
    action: {
      value: behaviors?.find(({ type }) => type === 'callback')?.['value'] ?? {},
      tag: 'button',
      ...(button['name'] !== undefined && { name: button['name'] }),
    },
    host: 'im_message',
    context: { open_message_id: message.id, open_chat_id: feishu.chatId },
  };
}

function hexId(prefix: string): string {
  return `${prefix}${randomBytes(16).toString('hex')}`;
}
