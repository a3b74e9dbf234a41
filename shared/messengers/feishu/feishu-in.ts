import * as v from 'valibot';
import type { ReplyTo } from '../../domain/model/chat.ts';
import { readStrictJson } from '../../contract/read-strict-json.ts';
import type { ChatIn } from '../chat-in.ts';
import { decryptFeishu, isSignedByFeishu } from './feishu-crypto.ts';
import type { MessengerApp } from '../messenger-app.ts';
import { readPayload } from '../read-payload.ts';
import { notThePlatform, sameText } from '../verify.ts';
import { whoAndWhere, type WhoAndWhere } from '../who-and-where.ts';

export interface FeishuApp extends MessengerApp {
  readonly tenantKey: string;
  readonly appId: string;
  readonly encryptKey: string;
  readonly verificationToken: string;
}

const FeishuId = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{1,120}$/));

const Sealed = v.object({ encrypt: v.string() });

/** https://open.feishu.cn/document/ukTMukTMukTM/uYDNxYjL2QTM24iN0EjN/event-subscription-configure-/choose-a-subscription-mode/send-notifications-to-developers-server */
const Challenge = v.object({
  type: v.literal('url_verification'),
  token: v.string(),
  challenge: v.pipe(v.string(), v.minLength(1), v.maxLength(500)),
});

/** Version 2.0. Version 1 has a `uuid` and a `token` at the top, and at best a SHA-1 signature. */
const Event = v.object({
  schema: v.literal('2.0'),
  header: v.object({
    event_type: v.string(),
    token: v.string(),
    app_id: FeishuId,
    tenant_key: FeishuId,
  }),
  event: v.record(v.string(), v.unknown()),
});

/** https://open.feishu.cn/document/uAjLw4CM/ukTMukTMukTM/reference/im-v1/message/events/receive */
const Received = v.object({
  sender: v.object({
    sender_id: v.object({ open_id: FeishuId }),
    sender_type: v.string(),
    tenant_key: v.optional(v.string()),
  }),
  message: v.object({
    message_id: FeishuId,
    create_time: v.optional(v.string(), ''),
    chat_id: FeishuId,
    chat_type: v.string(),
    message_type: v.string(),
    content: v.string(),
    mentions: v.nullish(v.array(v.unknown())),
  }),
});
const TextContent = v.object({ text: v.string() });

/** https://open.feishu.cn/document/uAjLw4CM/ukzMukzMukzM/feishu-cards/card-callback-communication */
const CardAction = v.object({
  operator: v.object({ open_id: FeishuId, tenant_key: v.nullish(v.string()) }),
  action: v.object({ value: v.optional(v.unknown()) }),
  context: v.object({ open_message_id: FeishuId, open_chat_id: FeishuId }),
});
const OurValue = v.object({ token: v.string() });

/**
 * Verifies, decrypts and reads an event, a press of a button, or Feishu's check of the address. Only the check is not
 * signed. It is answered if it is encrypted with the key that only Feishu has.
 *
 * @throws {LatchkeyError} `unsigned`; `bad-request` when Feishu sent it and it cannot be read
 */
export function readFeishu(
  request: { readonly headers: Readonly<Record<string, string>>; readonly body: Uint8Array },
  app: FeishuApp,
  nowMs: number,
): ChatIn {
  const isSigned = isSignedByFeishu({ ...request, encryptKey: app.encryptKey, nowMs });
  const json = isSigned ? opened(request.body, app) : openedByStranger(request.body, app);
  const challenge = v.safeParse(Challenge, json);
  if (challenge.success && sameText(challenge.output.token, app.verificationToken)) {
    return { kind: 'handshake', answer: { challenge: challenge.output.challenge } };
  }
  const event = v.safeParse(Event, json);
  if (!isSigned || !event.success) throw notThePlatform();
  const { header, event: fields } = event.output;
  const isOurs =
    sameText(header.token, app.verificationToken) &&
    header.app_id === app.appId &&
    header.tenant_key === app.tenantKey;
  if (!isOurs) throw notThePlatform(`of tenant ${header.tenant_key}, app ${header.app_id}`);
  switch (header.event_type) {
    case 'im.message.receive_v1':
      return lineOf(fields, app, nowMs);
    case 'card.action.trigger':
      return clickOf(fields, app, nowMs);
    default:
      return { kind: 'ignored', why: 'another event' };
  }
}

/** An unencrypted body is not from Feishu, because the app has an Encrypt Key. */
function opened(body: Uint8Array, { encryptKey }: FeishuApp): unknown {
  const sealed = v.safeParse(Sealed, readStrictJson(body, 'the event'));
  const plain = sealed.success ? decryptFeishu(sealed.output.encrypt, encryptKey) : undefined;
  if (plain === undefined) throw notThePlatform();
  return readStrictJson(plain, 'the event');
}

/** undefined, whatever is wrong, so that a stranger learns nothing. */
function openedByStranger(body: Uint8Array, app: FeishuApp): unknown {
  try {
    return opened(body, app);
  } catch {
    return undefined;
  }
}

function lineOf(fields: unknown, { tenantKey }: FeishuApp, nowMs: number): ChatIn {
  const { sender, message } = readPayload(Received, fields, 'the message');
  if (sender.sender_type !== 'user') return { kind: 'ignored', why: 'not of a person' };
  if ((sender.tenant_key ?? tenantKey) !== tenantKey) {
    return { kind: 'ignored', why: 'of another tenant' };
  }
  // An app with access to all messages of a group also receives those that are not for it.
  if (message.chat_type !== 'p2p' && (message.mentions ?? []).length === 0) {
    return { kind: 'ignored', why: 'nobody was mentioned' };
  }
  const { message_id: id, chat_id: channel } = message;
  const where = whoAndWhere('feishu', tenantKey, sender.sender_id.open_id, channel);
  return {
    kind: 'line',
    ...where,
    text: message.message_type === 'text' ? textOf(message.content) : '',
    id,
    atMs: writtenAt(message.create_time, nowMs),
    replyTo: replyTo(where, id),
  };
}

/** Mentions are `@_user_1` in the text: https://open.feishu.cn/document/uAjLw4CM/ukTMukTMukTM/im-v1/message/events/message_content */
function textOf(content: string): string {
  const { text } = readPayload(TextContent, readStrictJson(content, 'the text'), 'the text');
  return text.replace(/^\s*(?:@_(?:user_\d+|all)\b\s*)+/, '').trim();
}

/** Feishu delivers an event again for up to seven hours. @param createTime milliseconds since the epoch, as text */
function writtenAt(createTime: string, nowMs: number): number {
  return /^[0-9]{13}$/.test(createTime) ? Math.min(Number(createTime), nowMs) : nowMs;
}

function clickOf(fields: unknown, { tenantKey }: FeishuApp, nowMs: number): ChatIn {
  const { operator, action, context } = readPayload(CardAction, fields, 'the press of a button');
  if ((operator.tenant_key ?? tenantKey) !== tenantKey) {
    return { kind: 'ignored', why: 'of another tenant' };
  }
  const value = v.safeParse(OurValue, action.value);
  if (!value.success) return { kind: 'ignored', why: 'no button of ours' };
  const where = whoAndWhere('feishu', tenantKey, operator.open_id, context.open_chat_id);
  return {
    kind: 'click',
    ...where,
    token: value.output.token,
    atMs: nowMs,
    replyTo: replyTo(where, context.open_message_id),
    cardMessageId: context.open_message_id,
  };
}

function replyTo({ account, place }: WhoAndWhere, messageId: string): ReplyTo {
  return { place, user: account.user, url: '', untilMs: 0, messageId };
}
