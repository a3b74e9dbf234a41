import { createHash } from 'node:crypto';
import * as v from 'valibot';
import type { Card } from '../../domain/model/card.ts';
import type { ChatOut, ChatSent } from '../../domain/model/chat-ports.ts';
import type { ChatPlace } from '../../domain/model/chat.ts';
import type { HttpAnswer } from '../../outbound/http.ts';
import { accessToken, type Fetched, withToken } from '../access-token.ts';
import type { MessengerApp } from '../messenger-app.ts';
import { onlyFor, type OutboundMessenger } from '../outbound-messenger.ts';
import { feishuCard } from './feishu-card.ts';
import {
  checkSecrets,
  type PlatformAnswer,
  type PlatformCall,
  type PlatformOptions,
  platformSender,
  SECOND_CALL_MS,
} from '../platform-call.ts';
import { codeText, failed, gone, type NotSent, secondsIn, withoutValue } from '../not-sent.ts';

const HOST = 'open.feishu.cn';

export interface FeishuOptions extends MessengerApp {
  readonly tenantKey: string;
  readonly appId: string;
  readonly appSecret: string;
}

export const feishuOutbound: OutboundMessenger = {
  /**
   * Feishu takes five updates a second of one message, and a reader needs one.
   * https://open.feishu.cn/document/server-docs/im-v1/message-card/patch
   */
  updateEveryMs: 1_000,
  open: feishuOut,
};

/** https://open.feishu.cn/document/server-docs/authentication-management/access-token/tenant_access_token_internal */
const TokenAnswer = v.object({
  code: v.literal(0),
  tenant_access_token: v.string(),
  /** Seconds. */
  expire: v.number(),
});

const Code = v.object({ code: v.number() });

/** The token is missing, invalid or expired: larksuite/cli internal/errclass. */
const STALE: ReadonlySet<number> = new Set([99991661, 99991663, 99991668, 99991671, 99991677]);

/** https://open.feishu.cn/document/server-docs/api-call-guide/frequency-control; 230020: that of messages. */
const TOO_FAST: ReadonlySet<number> = new Set([99991400, 11232, 230020]);

/**
 * Errors that no retry can cure: recalled (230011), not ours (230012), resigned (230029), older than 14 days
 * (230031), no such receiver (230034), stopped by the user (230053), a chat without cards (230054, 230075),
 * deleted (230110), dissolved (232009). An error that somebody can correct, such as a bot that is not in the group
 * (230002), is `failed`. https://open.feishu.cn/document/server-docs/im-v1/message/create , …/message-card/patch
 */
const GONE: ReadonlySet<number> = new Set([
  230011, 230012, 230029, 230031, 230034, 230053, 230054, 230075, 230110, 232009,
]);

/** https://open.feishu.cn/document/server-docs/im-v1/message/create */
const MAX_UUID = 50;
const Sent = v.object({ data: v.object({ message_id: v.pipe(v.string(), v.minLength(1)) }) });

const MESSAGE_ID = /^[A-Za-z0-9_-]{1,120}$/;

/**
 * Feishu, through its message API as the app's bot. Feishu posts only once for one key within an hour.
 *
 * @throws {TypeError} for an endpoint or a secret that must not be used
 */
export function feishuOut(
  { tenantKey, appId, appSecret }: FeishuOptions,
  options: PlatformOptions,
): ChatOut {
  checkSecrets('feishu', { appSecret });
  const { nowMs } = options;
  const send = platformSender(HOST, options);
  const tokens = accessToken(async () => {
    const path = '/open-apis/auth/v3/tenant_access_token/internal';
    const json = { app_id: appId, app_secret: appSecret };
    return tokenIn(await send({ method: 'POST', path, json }));
  }, nowMs);

  /** @returns the message's id. '' if the answer has none */
  function call(request: Omit<PlatformCall, 'headers'>): Promise<ChatSent<string>> {
    const withIt = async (token: string) =>
      endOf(await send({ ...request, headers: { authorization: `Bearer ${token}` } }));
    return withToken(tokens, withIt, { nowMs, lastMs: nowMs() + SECOND_CALL_MS });
  }

  function create({ channel }: ChatPlace, card: Card, key: string): Promise<ChatSent<string>> {
    const path = '/open-apis/im/v1/messages?receive_id_type=chat_id';
    const json = { receive_id: channel, ...interactive(card), uuid: uuidOf(key) };
    return call({ method: 'POST', path, json });
  }

  return onlyFor(tenantKey, 'Feishu: another tenant', {
    async post(place, card, key) {
      const sent = await create(place, card, key);
      if (sent.kind !== 'sent') return sent;
      if (sent.value === '') return failed('Feishu: an answer without message_id');
      return { kind: 'sent', value: { place, messageId: sent.value } };
    },

    async update({ messageId }, card) {
      if (!MESSAGE_ID.test(messageId)) return gone('Feishu: no message id');
      const path = `/open-apis/im/v1/messages/${messageId}`;
      const { content } = interactive(card);
      return withoutValue(await call({ method: 'PATCH', path, json: { content } }));
    },

    async reply({ place, user, messageId }, card) {
      const key = JSON.stringify([messageId, user, card]);
      if (!MESSAGE_ID.test(messageId)) return withoutValue(await create(place, card, key));
      const path = `/open-apis/im/v1/messages/${messageId}/reply`;
      const json = { ...interactive(card), uuid: uuidOf(key) };
      return withoutValue(await call({ method: 'POST', path, json }));
    },
  });
}

function interactive(card: Card): { readonly msg_type: string; readonly content: string } {
  return { msg_type: 'interactive', content: JSON.stringify(feishuCard(card)) };
}

function uuidOf(key: string): string {
  if (key.length <= MAX_UUID) return key;
  return createHash('sha256').update(key).digest('hex').slice(0, MAX_UUID);
}

function tokenIn(answered: PlatformAnswer): Fetched {
  if (answered.kind === 'failed') return failed(`Feishu: no token, ${answered.why}`);
  const { answer, body } = answered;
  const read = v.safeParse(TokenAnswer, body);
  if (!read.success) {
    const { why, ...rest } = refused(answer, body);
    return { ...rest, why: `${why}, for a token` };
  }
  const { tenant_access_token: token, expire } = read.output;
  return { kind: 'fetched', token, lifeMs: expire * 1_000 };
}

function endOf(answered: PlatformAnswer): ChatSent<string> | 'stale' {
  if (answered.kind === 'failed') return failed(`Feishu: ${answered.why}`);
  const { answer, body } = answered;
  const read = v.safeParse(Code, body);
  if (!read.success) return refused(answer, body);
  const { code } = read.output;
  if (STALE.has(code)) return 'stale';
  if (code !== 0) return refused(answer, body);
  const sent = v.safeParse(Sent, body);
  return { kind: 'sent', value: sent.success ? sent.output.data.message_id : '' };
}

function refused(answer: HttpAnswer, body: unknown): NotSent {
  const read = v.safeParse(Code, body);
  if (!read.success) return failed(`Feishu: HTTP status ${answer.status}`, resetIn(answer));
  const { code } = read.output;
  const why = `Feishu: ${codeText(code)}${cardFault(body)}`;
  if (TOO_FAST.has(code) || answer.status === 429) return failed(why, resetIn(answer));
  return GONE.has(code) ? gone(why) : failed(why);
}

/** `x-ogw-ratelimit-reset`, in seconds. */
function resetIn(answer: HttpAnswer): number | null {
  return secondsIn(answer, 'x-ogw-ratelimit-reset');
}

/** The code of a card's fault stands in a text, which itself must not be logged: it repeats parts of the card. */
function cardFault(body: unknown): string {
  const read = v.safeParse(v.object({ msg: v.string() }), body);
  const [, inner] = (read.success ? /\bErrCode: (\d{1,10})\b/.exec(read.output.msg) : null) ?? [];
  return inner === undefined ? '' : `/${inner}`;
}
