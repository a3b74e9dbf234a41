import { randomBytes } from 'node:crypto';
import { type Called, callFunction } from '../call-function.ts';
import type { Conversation, Message } from '../conversation.ts';
import { type EmulatedPlatform, PressError, type Surroundings } from '../platform.ts';
import { type Fields, isFields, jsonObject } from '../wire.ts';
import { type Member, WORKSPACE } from '../workspace.ts';
import { buttonsOf, cardFault } from './check-card.ts';
import { encrypt, larkHeaders } from './encrypt.ts';
import { messageApi } from './messages.ts';
import { TenantTokens } from './tenant-tokens.ts';

const { feishu } = WORKSPACE;

/** A bot of a custom app: encrypted events, card actions, and the message API. */
export function emulatedFeishu(
  conversation: Conversation,
  secrets: {
    readonly feishuAppSecret: string;
    readonly feishuEncryptKey: string;
    readonly feishuVerificationToken: string;
  },
  surroundings: Surroundings,
): EmulatedPlatform {
  const { nowMs, functionUrl, deadlineMs } = surroundings;
  const tokens = new TenantTokens(secrets.feishuAppSecret, nowMs);

  return {
    routes: [tokens.route, ...messageApi(conversation, tokens, surroundings)],

    async say(member, text) {
      const atMs = nowMs();
      const id = hexId('om_');
      const body = { kind: 'text' as const, text: `@Latchkey ${text}` };
      const said = { id, author: member.id, atMs, onlyFor: null, mentions: [], body };
      conversation.add({ platform: 'feishu', ...said });
      const called = await post('im.message.receive_v1', messageEvent(member, id, text, atMs));
      if (called.kind !== 'answered' || called.status !== 200) {
        // The real one tries again, after 15 s first: the page says that it failed.
        conversation.toast('feishu', member.id, 'error', 'The bot did not take the message');
      }
      return called;
    },

    async press(member, message, index) {
      const card = message.body.kind === 'card' ? message.body.card : undefined;
      const button = buttonsOf(card)[index];
      if (button === undefined) throw new PressError(`Cannot press button ${index}: there is none`);
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
    return callFunction(`${functionUrl()}/chat/feishu`, headers, body, deadlineMs);
  }

  /** A toast, and a card in the place of the old one: both may be missing. */
  function showAnswer(member: Member, message: Message, called: Called): void {
    if (called.kind !== 'answered' || called.status !== 200) {
      conversation.toast(
        'feishu',
        member.id,
        'error',
        'The callback service did not respond in time',
      );
      return;
    }
    const { toast, card } = jsonObject(called.body) ?? {};
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
