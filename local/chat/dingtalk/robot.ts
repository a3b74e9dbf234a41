import { randomBytes } from 'node:crypto';
import type { Body } from '../conversation.ts';
import { Pace } from '../pace.ts';
import type { Surroundings } from '../platform.ts';
import type { TokenApi } from '../token-store.ts';
import {
  type Fields,
  isFields,
  json,
  jsonObject,
  type Route,
  strangers,
  type WireReply,
} from '../wire.ts';
import { nameOf, WORKSPACE } from '../workspace.ts';
import { errcode, missing, refusal, unknownNames } from './answers.ts';

/** The time from `createAt` to `sessionWebhookExpiredTime` in three official examples. */
const SESSION_MS = 90 * 60_000;
/** DingTalk documents 20 a minute for group robots. For robots of apps it is our own choice. */
const SENDS = { limit: 20, windowMs: 60_000 };
/** https://open.dingtalk.com/document/orgapp/custom-robots-send-group-messages */
const MAX_BYTES = 20_000;
const MENTIONS = ['atUserIds', 'atMobiles', 'isAtAll', 'atDingtalkIds'];
const TO_GROUP = ['msgKey', 'msgParam', 'openConversationId', 'robotCode', 'coolAppCode'];

const { dingtalk } = WORKSPACE;

export interface RobotApi {
  readonly routes: readonly Route[];
  issueSession(): { readonly sessionWebhook: string; readonly sessionWebhookExpiredTime: number };
}

/** The robot sends messages by the session webhook that came with a member's message, or by the API. */
export function robotApi(
  tokens: TokenApi,
  { conversation, nowMs, ownUrl }: Surroundings,
): RobotApi {
  const sessions = new Map<string, number>();
  const sends = new Pace(SENDS.limit, SENDS.windowMs);
  return {
    routes: [
      {
        method: 'POST',
        path: /^\/robot\/sendBySession$/,
        answer: ({ query, body }) =>
          bySession(new URLSearchParams(query).get('session') ?? '', body),
      },
      {
        method: 'POST',
        path: /^\/v1\.0\/robot\/groupMessages\/send$/,
        answer: (request) => tokens.refusalOf(request) ?? toGroup(jsonObject(request.body)),
      },
    ],
    issueSession() {
      const session = randomBytes(16).toString('hex');
      const untilMs = nowMs() + SESSION_MS;
      sessions.set(session, untilMs);
      return {
        sessionWebhook: `${ownUrl()}/robot/sendBySession?session=${session}`,
        sessionWebhookExpiredTime: untilMs,
      };
    },
  };

  function bySession(session: string, bytes: Buffer): WireReply {
    // DingTalk does not document the code for an expired session. This one is for an unknown token.
    if ((sessions.get(session) ?? 0) <= nowMs()) return errcode(300005, 'token is not exist');
    if (bytes.length > MAX_BYTES) return errcode(460101, 'message too long, exceed 20000 bytes');
    const fields = jsonObject(bytes);
    const body = fields && bodyOf(fields);
    const at = fields?.['at'] ?? {};
    if (body === undefined || !isFields(at) || strangers(at, MENTIONS).length > 0) {
      return errcode(40035, '不合法的参数');
    }
    if (sends.take('', nowMs()) > 0) return errcode(130101, 'send too fast');
    const users = Array.isArray(at['atUserIds']) ? (at['atUserIds'] as string[]) : [];
    const all = at['isAtAll'] === true ? ['!all'] : [];
    send(body, [...users.map((user) => nameOf('dingtalk', user)), ...all]);
    return errcode(0, 'ok');
  }

  function toGroup(fields: Fields | undefined): WireReply {
    if (fields === undefined) return missing('body');
    const unknown = strangers(fields, TO_GROUP);
    if (unknown.length > 0) return unknownNames(unknown);
    if (fields['robotCode'] !== dingtalk.robotCode) {
      return refusal(400, 'robot 不存在', 'robot 不存在');
    }
    if (fields['openConversationId'] !== dingtalk.conversationId) {
      return refusal(400, 'invalidParameter.openConversationId', 'openConversationId 不合法');
    }
    const body = sampleBody(fields['msgKey'], fields['msgParam']);
    if (body === undefined) return refusal(400, 'invalidParameter.msgParam', 'msgParam 不合法');
    if (sends.take('', nowMs()) > 0) {
      return refusal(429, 'Forbidden.AccessDenied.QpsLimitForApi', '请求过于频繁');
    }
    return json(200, { processQueryKey: send(body, []) });
  }

  function send(body: Body, mentions: readonly string[]): string {
    const id = randomBytes(16).toString('base64url');
    conversation.add({ platform: 'dingtalk', id, author: 'latchkey', mentions, body });
    return id;
  }
}

/** https://open.dingtalk.com/document/orgapp/robot-message-types-and-data-format */
function bodyOf(fields: Fields): Body | undefined {
  const { msgtype, text, markdown } = fields;
  if (strangers(fields, ['msgtype', 'at', String(msgtype)]).length > 0) return undefined;
  if (msgtype === 'text' && isFields(text)) return textBody(text);
  if (msgtype === 'markdown' && isFields(markdown)) return markdownBody(markdown);
  return undefined;
}

function sampleBody(msgKey: unknown, msgParam: unknown): Body | undefined {
  const params = typeof msgParam === 'string' ? jsonObject(msgParam) : undefined;
  if (params === undefined) return undefined;
  if (msgKey === 'sampleText') return textBody(params);
  if (msgKey === 'sampleMarkdown') return markdownBody(params);
  return undefined;
}

function textBody(fields: Fields): Body | undefined {
  const { content } = fields;
  if (typeof content !== 'string' || content === '') return undefined;
  return strangers(fields, ['content']).length > 0 ? undefined : { kind: 'text', text: content };
}

function markdownBody(fields: Fields): Body | undefined {
  const { title, text } = fields;
  if (typeof title !== 'string' || title === '' || typeof text !== 'string') return undefined;
  if (strangers(fields, ['title', 'text']).length > 0) return undefined;
  return { kind: 'markdown', title, text };
}
