import * as v from 'valibot';
import type { Card } from '../../domain/model/card.ts';
import type { ChatOut, ChatSent } from '../../domain/model/chat-ports.ts';
import type { ReplyTo } from '../../domain/model/chat.ts';
import type { HttpAnswer } from '../../outbound/http.ts';
import { accessToken, type Fetched, withToken } from '../access-token.ts';
import { dingtalkCard } from './dingtalk-card.ts';
import { SESSION_HOST, SESSION_PATH } from './dingtalk-session.ts';
import { dingtalkText, harmlessLine } from './dingtalk-text.ts';
import type { MessengerApp } from '../messenger-app.ts';
import { onlyFor, type OutboundMessenger } from '../outbound-messenger.ts';
import { originOf, pinnedUrl } from '../pinned-url.ts';
import {
  checkSecrets,
  type PlatformAnswer,
  type PlatformCall,
  type PlatformOptions,
  platformSender,
  SECOND_CALL_MS,
} from '../platform-call.ts';
import { codeText, failed, gone, type NotSent, secondsIn } from '../not-sent.ts';

const API_HOST = 'api.dingtalk.com';

/** The name under which the card callback is registered: docs/dingtalk-card.md. */
export const DINGTALK_ROUTE_KEY = 'latchkey';

export interface DingTalkOptions extends MessengerApp {
  readonly corpId: string;
  readonly robotCode: string;
  readonly appKey: string;
  readonly appSecret: string;
  readonly cardTemplateId: string;
}

export const dingtalkOutbound: OutboundMessenger = {
  /**
   * DingTalk documents a limit for group robots only: 20 messages a minute, and ten minutes of silence for
   * more. Half of that for cards, which leaves room for answers: our own choice.
   */
  updateEveryMs: 6_000,
  open: dingtalkOut,
};

/** https://open.dingtalk.com/document/orgapp/obtain-the-access_token-of-an-internal-app */
const TokenAnswer = v.object({
  accessToken: v.string(),
  /** Seconds. */
  expireIn: v.number(),
});

/** A refusal of `api.dingtalk.com`. */
const Refusal = v.object({ code: v.string() });

/** A delivery of which a part failed. The HTTP status is 200. */
const Failure = v.union([
  v.object({ success: v.literal(false) }),
  v.object({ result: v.literal(false) }),
  v.object({
    result: v.object({
      deliverResults: v.pipe(
        v.array(v.object({ success: v.boolean() })),
        v.someItem(({ success }) => !success),
      ),
    }),
  }),
]);

/** The result that `oapi.dingtalk.com` reports. */
const Errcode = v.object({ errcode: v.number() });
/** "send too fast": a robot may send 20 messages a minute. */
const TOO_FAST_ERRCODE = 130101;
/** "系统繁忙" */
const BUSY_ERRCODE = -1;
const MINUTE_MS = 60_000;

/**
 * Errors that no retry can cure: the card or the conversation does not exist (any more).
 * https://open.dingtalk.com/document/development/interface-card-update , …/create-and-deliver-cards
 */
const GONE =
  /^(?:param\.cardNotExist|param\.openSpaceIdInvalid|invalidParameter\.openConversationId.*)$/;
const STALE = /^(?:InvalidAuthentication|invalidAccessToken|AccessTokenInvalid|40014)$/i;
const TOO_FAST = /QpsLimit|Throttl|TooManyRequests/i;

/** The documented form of a userId: letters, digits, hyphens and the like. */
const USER_ID = /^[\w.-]{1,64}$/;

/**
 * DingTalk, through its card API as the app's robot, and through the `sessionWebhook` of a message. The key becomes the
 * card's id, so that the same key is the same card.
 *
 * Replies are text, and everybody in the conversation sees them. Cards work in groups only, because a conversation with
 * one person has another kind of address, which a place does not contain.
 *
 * @throws {TypeError} for an endpoint or a secret that must not be used
 */
export function dingtalkOut(
  { corpId, robotCode, appKey, appSecret, cardTemplateId }: DingTalkOptions,
  options: PlatformOptions,
): ChatOut {
  checkSecrets('dingtalk', { appSecret });
  const { endpoint, nowMs } = options;
  const api = platformSender(API_HOST, options);
  const sessions = platformSender(SESSION_HOST, options);
  const sessionOrigin = originOf(SESSION_HOST, endpoint);
  const tokens = accessToken(async () => {
    const json = { appKey, appSecret };
    return tokenIn(await api({ method: 'POST', path: '/v1.0/oauth2/accessToken', json }));
  }, nowMs);

  function call(
    request: Omit<PlatformCall, 'headers'>,
    lastMs = nowMs() + SECOND_CALL_MS,
  ): Promise<ChatSent> {
    const withIt = async (token: string) =>
      endOf(await api({ ...request, headers: { 'x-acs-dingtalk-access-token': token } }));
    return withToken(tokens, withIt, { nowMs, lastMs });
  }

  async function bySession(session: URL, to: ReplyTo, card: Card): Promise<ChatSent | 'refused'> {
    const path = session.pathname + session.search;
    const { mention } = card;
    const isMentioned = mention !== null && USER_ID.test(mention);
    // It is shown where it stands in the text: https://open.dingtalk.com/document/orgapp/robot-message-types-and-data-format
    const content = `${isMentioned ? `@${mention} ` : ''}${dingtalkText(card)}`;
    const at = { atUserIds: isMentioned ? [mention] : [], isAtAll: false };
    const json = { msgtype: 'text', text: { content }, at };
    return sessionEnd(await sessions({ method: 'POST', path, json }));
  }

  function byRobot({ place }: ReplyTo, card: Card, lastMs: number): Promise<ChatSent> {
    const json = {
      robotCode,
      openConversationId: place.channel,
      msgKey: 'sampleText',
      msgParam: JSON.stringify({ content: dingtalkText(card) }),
    };
    return call({ method: 'POST', path: '/v1.0/robot/groupMessages/send', json }, lastMs);
  }

  return onlyFor(corpId, 'DingTalk: another organization', {
    async post(place, card, key) {
      const json = {
        cardTemplateId,
        outTrackId: key,
        callbackType: 'HTTP',
        callbackRouteKey: DINGTALK_ROUTE_KEY,
        cardData: { cardParamMap: dingtalkCard(card) },
        openSpaceId: `dtv1.card//IM_GROUP.${place.channel}`,
        userIdType: 1,
        imGroupOpenSpaceModel: {
          supportForward: false,
          lastMessageI18n: { ZH_CN: harmlessLine(card.title, MAX_SUMMARY) },
        },
        imGroupOpenDeliverModel: { robotCode, ...mentionOf(card.mention) },
      };
      const path = '/v1.0/card/instances/createAndDeliver';
      const sent = await call({ method: 'POST', path, json });
      return sent.kind === 'sent' ? { kind: 'sent', value: { place, messageId: key } } : sent;
    },

    async update({ messageId }, card) {
      const json = {
        outTrackId: messageId,
        cardData: { cardParamMap: dingtalkCard(card) },
        cardUpdateOptions: { updateCardDataByKey: true },
      };
      return call({ method: 'PUT', path: '/v1.0/card/instances', json });
    },

    async reply(to, card) {
      const beganMs = nowMs();
      const lastMs = beganMs + SECOND_CALL_MS;
      const isOpen = to.url !== '' && beganMs < to.untilMs;
      const session = isOpen ? pinnedUrl(to.url, sessionOrigin, SESSION_PATH) : undefined;
      const sent = session === undefined ? 'refused' : await bySession(session, to, card);
      if (sent !== 'refused') return sent;
      if (nowMs() > lastMs) return failed('DingTalk: no time for another way');
      return byRobot(to, card, lastMs);
    },
  });
}

/** The longest text in the list of conversations: our own choice. */
const MAX_SUMMARY = 60;

/** By id, the name to show. Latchkey knows no names and uses the id. */
function mentionOf(user: string | null): { readonly atUserIds?: Record<string, string> } {
  return user !== null && USER_ID.test(user) ? { atUserIds: { [user]: user } } : {};
}

function tokenIn(answered: PlatformAnswer): Fetched {
  if (answered.kind === 'failed') return failed(`DingTalk: no token, ${answered.why}`);
  const { answer, body } = answered;
  const read = v.safeParse(TokenAnswer, body);
  if (answer.status !== 200 || !read.success) {
    const { why, ...rest } = refused(answer, body);
    return { ...rest, why: `${why}, for a token` };
  }
  const { accessToken: token, expireIn } = read.output;
  return { kind: 'fetched', token, lifeMs: expireIn * 1_000 };
}

function endOf(answered: PlatformAnswer): ChatSent | 'stale' {
  if (answered.kind === 'failed') return failed(`DingTalk: ${answered.why}`);
  const { answer, body } = answered;
  const isRefusal = v.is(Refusal, body);
  if (answer.status === 401 || (isRefusal && STALE.test(body.code))) return 'stale';
  if (answer.status !== 200 || isRefusal) return refused(answer, body);
  if (v.is(Failure, body)) return failed('DingTalk: not delivered');
  return typeof body === 'object' && body !== null
    ? { kind: 'sent', value: null }
    : failed('DingTalk: no answer that can be read');
}

function refused(answer: HttpAnswer, body: unknown): NotSent {
  const retryMs = secondsIn(answer, 'retry-after');
  if (!v.is(Refusal, body)) return failed(`DingTalk: HTTP status ${answer.status}`, retryMs);
  const why = `DingTalk: ${codeText(body.code)}`;
  if (answer.status === 429 || TOO_FAST.test(body.code)) return failed(why, retryMs);
  return GONE.test(body.code) ? gone(why) : failed(why);
}

/** `refused`: the address has expired or DingTalk refuses it, and the API is another way. */
function sessionEnd(answered: PlatformAnswer): ChatSent | 'refused' {
  if (answered.kind === 'failed') return failed(`DingTalk: ${answered.why}`);
  const { answer, body } = answered;
  const read = v.safeParse(Errcode, body);
  if (answer.status !== 200 || !read.success) {
    const isRefused = answer.status >= 400 && answer.status < 500 && answer.status !== 429;
    return isRefused ? 'refused' : failed(`DingTalk: HTTP status ${answer.status}`);
  }
  switch (read.output.errcode) {
    case 0:
      return { kind: 'sent', value: null };
    case TOO_FAST_ERRCODE:
      return failed(`DingTalk: ${TOO_FAST_ERRCODE}`, MINUTE_MS);
    case BUSY_ERRCODE:
      return failed(`DingTalk: ${BUSY_ERRCODE}`);
    default:
      return 'refused';
  }
}
