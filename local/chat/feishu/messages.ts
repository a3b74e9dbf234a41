import { randomBytes } from 'node:crypto';
import type { Body, Conversation, Message } from '../conversation.ts';
import { Pace } from '../pace.ts';
import type { Surroundings } from '../platform.ts';
import {
  type Fields,
  isFields,
  json,
  jsonObject,
  type Route,
  strangers,
  type WireReply,
  type WireRequest,
} from '../wire.ts';
import { memberOf, WORKSPACE } from '../workspace.ts';
import { cardFault, MAX_CARD_BYTES } from './check-card.ts';
import type { TenantTokens } from './tenant-tokens.ts';

/** "向同一群组发送消息的限频为群内机器人共享 5 QPS", "单条消息更新频控为 5 QPS": the pages below. */
const PACE = { limit: 5, windowMs: 1_000 };
/** https://open.feishu.cn/document/server-docs/im-v1/message/create */
const MAX_TEXT_BYTES = 150 * 1_024;
const MAX_UUID = 50;
/** "相同 uuid 在 1 小时内至多成功发送一条消息": same page. */
const UUID_MS = 3_600_000;

const { feishu } = WORKSPACE;

type Content = { readonly body: Body } | { readonly refusal: WireReply };

/**
 * Messages of the bot: https://open.feishu.cn/document/server-docs/im-v1/message/create , …/reply ,
 * https://open.feishu.cn/document/server-docs/im-v1/message-card/patch
 */
export function messageApi(
  conversation: Conversation,
  tokens: TenantTokens,
  { nowMs }: Surroundings,
): readonly Route[] {
  const sends = new Pace(PACE.limit, PACE.windowMs);
  const updates = new Pace(PACE.limit, PACE.windowMs);
  const byUuid = new Map<string, { readonly id: string; readonly atMs: number }>();
  return [
    {
      method: 'POST',
      path: /^\/open-apis\/im\/v1\/messages$/,
      answer: (request) => tokens.refusalOf(request) ?? create(request),
    },
    {
      method: 'POST',
      path: /^\/open-apis\/im\/v1\/messages\/([^/]+)\/reply$/,
      answer: (request, [id]) => tokens.refusalOf(request) ?? reply(request, id!),
    },
    {
      method: 'PATCH',
      path: /^\/open-apis\/im\/v1\/messages\/([^/]+)$/,
      answer: (request, [id]) => tokens.refusalOf(request) ?? patch(request, id!),
    },
  ];

  function create({ query, body }: WireRequest): WireReply {
    const fields = jsonObject(body);
    if (fields === undefined) return refusal(9499, 'Bad Request');
    const unknown = strangers(fields, ['receive_id', 'msg_type', 'content', 'uuid']);
    if (unknown.length > 0) return invalid(`unknown ${unknown.join(', ')}`);
    if (new URLSearchParams(query).get('receive_id_type') !== 'chat_id')
      return invalid('receive_id_type');
    if (fields['receive_id'] !== feishu.chatId) {
      return refusal(230002, 'Bot/User can NOT be out of the chat.');
    }
    return send(fields);
  }

  function reply({ body }: WireRequest, id: string): WireReply {
    const fields = jsonObject(body);
    if (fields === undefined) return refusal(9499, 'Bad Request');
    const unknown = strangers(fields, ['msg_type', 'content', 'uuid', 'reply_in_thread']);
    if (unknown.length > 0) return invalid(`unknown ${unknown.join(', ')}`);
    if (conversation.find('feishu', id) === undefined)
      return refusal(230011, 'The message is recalled.');
    return send(fields);
  }

  function send(fields: Fields): WireReply {
    const { uuid = '' } = fields;
    if (typeof uuid !== 'string' || uuid.length > MAX_UUID) return invalid('uuid');
    const content = contentOf(fields['msg_type'], fields['content']);
    if ('refusal' in content) return content.refusal;
    if (sends.take('', nowMs()) > 0) return tooFast();
    const before = uuid === '' ? undefined : byUuid.get(uuid);
    if (before !== undefined && nowMs() - before.atMs < UUID_MS) {
      return sent(conversation.find('feishu', before.id)!);
    }
    const id = `om_${randomBytes(16).toString('hex')}`;
    if (uuid !== '') byUuid.set(uuid, { id, atMs: nowMs() });
    const message = conversation.add({
      platform: 'feishu',
      id,
      author: 'latchkey',
      atMs: nowMs(),
      onlyFor: null,
      mentions: mentionsIn(content.body),
      body: content.body,
    });
    return sent(message);
  }

  function patch({ body }: WireRequest, id: string): WireReply {
    const fields = jsonObject(body);
    if (fields === undefined) return refusal(9499, 'Bad Request');
    const unknown = strangers(fields, ['content']);
    if (unknown.length > 0) return invalid(`unknown ${unknown.join(', ')}`);
    const message = conversation.find('feishu', id);
    if (message === undefined)
      return refusal(230001, 'Your request contains an invalid request parameter.');
    if (message.author !== 'latchkey')
      return refusal(230012, 'Bot is NOT the sender of the message.');
    const content = contentOf('interactive', fields['content']);
    if ('refusal' in content) return content.refusal;
    if (!isShared(message.body) || !isShared(content.body)) {
      return refusal(230001, 'The card is not a shared card: update_multi must be true.');
    }
    if (updates.take(id, nowMs()) > 0) return tooFast();
    conversation.edit(message, content.body);
    return json(200, { code: 0, msg: 'success', data: {} });
  }
}

export function contentOf(msgType: unknown, text: unknown): Content {
  if (typeof text !== 'string') return { refusal: invalid('content') };
  const fields = jsonObject(text);
  if (fields === undefined) return { refusal: invalid('content is not a string in json format') };
  const bytes = Buffer.byteLength(text);
  if (bytes > (msgType === 'text' ? MAX_TEXT_BYTES : MAX_CARD_BYTES)) {
    return { refusal: refusal(230025, 'The length of the message content reaches its limit.') };
  }
  if (msgType === 'text') {
    const { text: said } = fields;
    if (typeof said !== 'string' || said === '') return { refusal: invalid('text') };
    return { body: { kind: 'text', text: said } };
  }
  if (msgType !== 'interactive') return { refusal: invalid('msg_type') };
  const fault = cardFault(fields);
  if (fault === undefined) return { body: { kind: 'card', card: fields } };
  const message = `Failed to create card content, ext=ErrCode: 200621; ErrMsg: ${fault}; `;
  return { refusal: refusal(230099, message) };
}

/** `<at id=…>` works in the card's markdown, `<at user_id="…">` in text. */
function mentionsIn(body: Body): string[] {
  const texts: string[] = body.kind === 'text' ? [body.text] : [];
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(walk);
    if (!isFields(value)) return;
    const { tag, content } = value;
    if ((tag === 'markdown' || tag === 'lark_md') && typeof content === 'string')
      texts.push(content);
    Object.values(value).forEach(walk);
  };
  if (body.kind === 'card') walk(body.card);
  const ids = texts.flatMap((text) =>
    [...text.matchAll(/<at (?:user_)?id=["']?([^"'>\s]+)["']?\s*>/g)].map(([, id]) => id!),
  );
  return [...new Set(ids.map((id) => memberOf('feishu', id)?.id ?? id))];
}

function isShared(body: Body): boolean {
  if (body.kind !== 'card' || !isFields(body.card)) return false;
  const { config } = body.card;
  return isFields(config) && config['update_multi'] === true;
}

function sent({ id, atMs, body }: Message): WireReply {
  return json(200, {
    code: 0,
    msg: 'success',
    data: {
      message_id: id,
      msg_type: body.kind === 'text' ? 'text' : 'interactive',
      create_time: String(atMs),
      update_time: String(atMs),
      deleted: false,
      updated: false,
      chat_id: feishu.chatId,
      sender: {
        id: feishu.appId,
        id_type: 'app_id',
        sender_type: 'app',
        tenant_key: feishu.tenantKey,
      },
    },
  });
}

function invalid(detail: string): WireReply {
  return refusal(230001, `Your request contains an invalid request parameter, ext=${detail}`);
}

function tooFast(): WireReply {
  return refusal(230020, 'This operation triggers the frequency limit.');
}

export function refusal(code: number, msg: string): WireReply {
  return json(400, { code, msg });
}
