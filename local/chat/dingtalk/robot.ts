import { randomBytes } from 'node:crypto';
import type { Body, Conversation } from '../conversation.ts';
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
} from '../wire.ts';
import { memberOf, WORKSPACE } from '../workspace.ts';
import type { AccessTokens } from './access-tokens.ts';
import { errcode, missing, refusal, unknownNames } from './answers.ts';

/** What three official examples have between `createAt` and `sessionWebhookExpiredTime`. */
const SESSION_MS = 90 * 60_000;
/** 20 a minute and robot is said of group robots; for robots of apps it is our own choice. */
const SENDS = { limit: 20, windowMs: 60_000 };
/** https://open.dingtalk.com/document/orgapp/custom-robots-send-group-messages */
const MAX_BYTES = 20_000;

const { dingtalk } = WORKSPACE;

/** What the robot says: by the address that came with a message, or by the API. */
export class Robot {
  readonly routes: readonly Route[];
  readonly #sessions = new Map<string, number>();
  readonly #sends = new Pace(SENDS.limit, SENDS.windowMs);
  readonly #conversation: Conversation;
  readonly #tokens: AccessTokens;
  readonly #surroundings: Surroundings;

  constructor(conversation: Conversation, tokens: AccessTokens, surroundings: Surroundings) {
    this.#conversation = conversation;
    this.#tokens = tokens;
    this.#surroundings = surroundings;
    this.routes = [
      {
        method: 'POST',
        path: /^\/robot\/sendBySession$/,
        answer: ({ query, body }) =>
          this.#bySession(new URLSearchParams(query).get('session') ?? '', body),
      },
      {
        method: 'POST',
        path: /^\/v1\.0\/robot\/groupMessages\/send$/,
        answer: (request) =>
          this.#tokens.refusalOf(request) ?? this.#toGroup(jsonObject(request.body)),
      },
    ];
  }

  issueSession(): { readonly sessionWebhook: string; readonly sessionWebhookExpiredTime: number } {
    const { nowMs, ownUrl } = this.#surroundings;
    const session = randomBytes(16).toString('hex');
    const untilMs = nowMs() + SESSION_MS;
    this.#sessions.set(session, untilMs);
    return {
      sessionWebhook: `${ownUrl()}/robot/sendBySession?session=${session}`,
      sessionWebhookExpiredTime: untilMs,
    };
  }

  #bySession(session: string, bytes: Buffer): WireReply {
    const nowMs = this.#surroundings.nowMs();
    // Which code an old session gets is not documented: this is the one for an unknown token.
    if ((this.#sessions.get(session) ?? 0) <= nowMs) return errcode(300005, 'token is not exist');
    if (bytes.length > MAX_BYTES) return errcode(460101, 'message too long, exceed 20000 bytes');
    const fields = jsonObject(bytes);
    const body = fields && bodyOf(fields);
    if (fields === undefined || body === undefined) return errcode(40035, '不合法的参数');
    const { at = {} } = fields;
    if (
      !isFields(at) ||
      strangers(at, ['atUserIds', 'atMobiles', 'isAtAll', 'atDingtalkIds']).length > 0
    ) {
      return errcode(40035, '不合法的参数');
    }
    if (this.#sends.take('', nowMs) > 0) return errcode(130101, 'send too fast');
    const users = Array.isArray(at['atUserIds']) ? (at['atUserIds'] as string[]) : [];
    const all = at['isAtAll'] === true ? ['!all'] : [];
    this.#say(body, [...users.map((user) => memberOf('dingtalk', user)?.id ?? user), ...all]);
    return errcode(0, 'ok');
  }

  #toGroup(fields: Fields | undefined): WireReply {
    if (fields === undefined) return missing('body');
    const unknown = strangers(fields, [
      'msgKey',
      'msgParam',
      'openConversationId',
      'robotCode',
      'coolAppCode',
    ]);
    if (unknown.length > 0) return unknownNames(unknown);
    if (fields['robotCode'] !== dingtalk.robotCode)
      return refusal(400, 'robot 不存在', 'robot 不存在');
    if (fields['openConversationId'] !== dingtalk.conversationId) {
      return refusal(400, 'invalidParameter.openConversationId', 'openConversationId 不合法');
    }
    const body = sampleBody(fields['msgKey'], fields['msgParam']);
    if (body === undefined) return refusal(400, 'invalidParameter.msgParam', 'msgParam 不合法');
    if (this.#sends.take('', this.#surroundings.nowMs()) > 0) {
      return refusal(429, 'Forbidden.AccessDenied.QpsLimitForApi', '请求过于频繁');
    }
    return json(200, { processQueryKey: this.#say(body, []) });
  }

  #say(body: Body, mentions: readonly string[]): string {
    const id = randomBytes(16).toString('base64url');
    const atMs = this.#surroundings.nowMs();
    const said = { platform: 'dingtalk' as const, id, author: 'latchkey', atMs, onlyFor: null };
    this.#conversation.add({ ...said, mentions, body });
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
