import { randomBytes } from 'node:crypto';
import type { Body, Message } from '../conversation.ts';
import { Pace } from '../pace.ts';
import type { Surroundings } from '../platform.ts';
import type { TokenApi } from '../token-store.ts';
import {
  type Fields,
  isFields,
  json,
  jsonObject,
  objectsIn,
  type Route,
  strangers,
  type WireReply,
} from '../wire.ts';
import { nameOf, WORKSPACE } from '../workspace.ts';
import { invalid, refusal, tooFast } from './answers.ts';
import { cardFault, MAX_CARD_BYTES } from './check-card.ts';

/** "向同一群组发送消息的限频为群内机器人共享 5 QPS", "单条消息更新频控为 5 QPS": the pages below. */
const PACE = { limit: 5, windowMs: 1_000 };
/** https://open.feishu.cn/document/server-docs/im-v1/message/create */
const MAX_TEXT_BYTES = 150 * 1_024;
const MAX_UUID = 50;
/** "相同 uuid 在 1 小时内至多成功发送一条消息": the same page. */
const UUID_MS = 3_600_000;

const { feishu } = WORKSPACE;

type Content = { readonly body: Body } | { readonly refusal: WireReply };

/**
 * Messages of the bot: https://open.feishu.cn/document/server-docs/im-v1/message/create , …/reply ,
 * https://open.feishu.cn/document/server-docs/im-v1/message-card/patch
 */
export function messageApi(
  tokens: TokenApi,
  { conversation, nowMs }: Surroundings,
): readonly Route[] {
  const sends = new Pace(PACE.limit, PACE.windowMs);
  const updates = new Pace(PACE.limit, PACE.windowMs);
  const byUuid = new Map<string, { readonly id: string; readonly atMs: number }>();
  const path = /^\/open-apis\/im\/v1\/messages$/;
  const replyPath = /^\/open-apis\/im\/v1\/messages\/([^/]+)\/reply$/;
  const patchPath = /^\/open-apis\/im\/v1\/messages\/([^/]+)$/;
  return [
    route('POST', path, ['receive_id', 'msg_type', 'content', 'uuid'], create),
    route('POST', replyPath, ['msg_type', 'content', 'uuid', 'reply_in_thread'], reply),
    route('PATCH', patchPath, ['content'], patch),
  ];

  /** Checks the token and the names of the fields before `answer` runs. */
  function route(
    method: string,
    pattern: RegExp,
    names: readonly string[],
    answer: (fields: Fields, id: string, query: URLSearchParams) => WireReply,
  ): Route {
    return {
      method,
      path: pattern,
      answer: (request, [id = '']) => {
        const refused = tokens.refusalOf(request);
        if (refused !== undefined) return refused;
        const fields = jsonObject(request.body);
        if (fields === undefined) return refusal(9499, 'Bad Request');
        const unknown = strangers(fields, names);
        if (unknown.length > 0) return invalid(`unknown ${unknown.join(', ')}`);
        return answer(fields, id, new URLSearchParams(request.query));
      },
    };
  }

  function create(fields: Fields, _id: string, query: URLSearchParams): WireReply {
    if (query.get('receive_id_type') !== 'chat_id') return invalid('receive_id_type');
    if (fields['receive_id'] !== feishu.chatId) {
      return refusal(230002, 'Bot/User can NOT be out of the chat.');
    }
    return send(fields);
  }

  function reply(fields: Fields, id: string): WireReply {
    if (conversation.find('feishu', id) === undefined) {
      return refusal(230011, 'The message is recalled.');
    }
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
      mentions: mentionsIn(content.body),
      body: content.body,
    });
    return sent(message);
  }

  function patch(fields: Fields, id: string): WireReply {
    const message = conversation.find('feishu', id);
    if (message === undefined) {
      return refusal(230001, 'Your request contains an invalid request parameter.');
    }
    if (message.author !== 'latchkey') {
      return refusal(230012, 'Bot is NOT the sender of the message.');
    }
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

function contentOf(msgType: unknown, text: unknown): Content {
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

/** `<at id=…>` works in the markdown of a card, `<at user_id="…">` in text. */
function mentionsIn(body: Body): string[] {
  const texts = body.kind === 'text' ? [body.text] : [];
  if (body.kind === 'card') {
    for (const { tag, content } of objectsIn(body.card)) {
      const isMarkdown = tag === 'markdown' || tag === 'lark_md';
      if (isMarkdown && typeof content === 'string') texts.push(content);
    }
  }
  const ids = texts.flatMap((text) =>
    [...text.matchAll(/<at (?:user_)?id=["']?([^"'>\s]+)["']?\s*>/g)].map(([, id]) => id!),
  );
  return [...new Set(ids.map((id) => nameOf('feishu', id)))];
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
