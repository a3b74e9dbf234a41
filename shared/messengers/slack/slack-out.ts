import * as v from 'valibot';
import type { Card } from '../../domain/model/card.ts';
import type { CardRef, ChatOut, ChatSent } from '../../domain/model/chat-ports.ts';
import type { ReplyTo } from '../../domain/model/chat.ts';
import type { HttpAnswer } from '../../outbound/http.ts';
import type { MessengerApp } from '../messenger-app.ts';
import { onlyFor, type OutboundMessenger } from '../outbound-messenger.ts';
import { originOf, pinnedUrl } from '../pinned-url.ts';
import {
  checkSecrets,
  type PlatformAnswer,
  type PlatformOptions,
  platformSender,
  SECOND_CALL_MS,
} from '../platform-call.ts';
import { codeText, failed, gone, type NotSent, secondsIn, withoutValue } from '../not-sent.ts';
import { HOOK_PATH, HOOKS_HOST } from './slack-hooks.ts';
import { slackMessage } from './slack-render.ts';

const API_HOST = 'slack.com';

export interface SlackOptions extends MessengerApp {
  readonly teamId: string;
  readonly botToken: string;
}

export const slackOutbound: OutboundMessenger = {
  /**
   * `chat.update` is of tier 3: 50 calls or more a minute for the whole workspace.
   * https://docs.slack.dev/reference/methods/chat.update
   */
  updateEveryMs: 1_500,
  open: slackOut,
};

/**
 * Errors that no retry can cure. Every other error is `failed`, also a refused token and a channel that the app is not
 * a member of, because somebody can correct those.
 * https://docs.slack.dev/reference/methods/chat.postMessage , …/chat.update , …/chat.postEphemeral
 */
const GONE: ReadonlySet<string> = new Set([
  'channel_not_found',
  'is_archived',
  'message_not_found',
  'cant_update_message',
  'edit_window_closed',
  'user_not_in_channel',
]);

const Answer = v.variant('ok', [
  v.object({ ok: v.literal(true), ts: v.optional(v.string(), '') }),
  v.object({ ok: v.literal(false), error: v.string() }),
]);

/** Slack does not fetch the links in a message to preview them. */
const NO_PREVIEWS = { unfurl_links: false, unfurl_media: false };

/**
 * Slack, through its Web API and the `response_url` of a command or click.
 *
 * Slack cannot recognize a repeated post. If the answer to a post is lost, the next attempt posts the message again.
 *
 * @throws {TypeError} for an endpoint or a token that must not be used
 */
export function slackOut({ botToken, teamId }: SlackOptions, options: PlatformOptions): ChatOut {
  checkSecrets('slack', { botToken });
  const { endpoint, nowMs } = options;
  const api = platformSender(API_HOST, options);
  const hooks = platformSender(HOOKS_HOST, options);
  const hooksOrigin = originOf(HOOKS_HOST, endpoint);

  async function method(name: string, json: object): Promise<ChatSent<string>> {
    const headers = { authorization: `Bearer ${botToken}` };
    return apiEnd(await api({ method: 'POST', path: `/api/${name}`, headers, json }));
  }

  async function byResponseUrl(hook: URL, card: Card): Promise<ChatSent | 'refused'> {
    const path = hook.pathname + hook.search;
    const json = { response_type: 'ephemeral', replace_original: false, ...slackMessage(card) };
    return hookEnd(await hooks({ method: 'POST', path, json }));
  }

  return onlyFor(teamId, 'Slack: another workspace', {
    async post(place, card): Promise<ChatSent<CardRef>> {
      const { channel } = place;
      const message = { channel, ...slackMessage(card), ...NO_PREVIEWS };
      const sent = await method('chat.postMessage', message);
      if (sent.kind !== 'sent') return sent;
      if (sent.value === '') return failed('Slack: an answer without ts');
      return { kind: 'sent', value: { place, messageId: sent.value } };
    },

    async update({ place, messageId }, card): Promise<ChatSent> {
      const { channel } = place;
      return withoutValue(
        await method('chat.update', { channel, ts: messageId, ...slackMessage(card) }),
      );
    },

    async reply(to: ReplyTo, card): Promise<ChatSent> {
      const beganMs = nowMs();
      const isOpen = to.url !== '' && beganMs < to.untilMs;
      const hook = isOpen ? pinnedUrl(to.url, hooksOrigin, HOOK_PATH) : undefined;
      const sent = hook === undefined ? 'refused' : await byResponseUrl(hook, card);
      if (sent !== 'refused') return sent;
      if (nowMs() > beganMs + SECOND_CALL_MS) return failed('Slack: no time for another way');
      const { place, user } = to;
      return withoutValue(
        await method('chat.postEphemeral', { channel: place.channel, user, ...slackMessage(card) }),
      );
    },
  });
}

/** @returns the message's `ts` */
function apiEnd(answered: PlatformAnswer): ChatSent<string> {
  if (answered.kind === 'failed') return failed(`Slack: ${answered.why}`);
  const { answer, body } = answered;
  if (answer.status === 429) return tooFast(answer);
  const read = v.safeParse(Answer, body);
  // A failure is HTTP 200 too: https://docs.slack.dev/apis/web-api/#evaluating-responses
  if (answer.status !== 200 || !read.success) return failed(`Slack: HTTP status ${answer.status}`);
  const { output } = read;
  return output.ok ? { kind: 'sent', value: output.ts } : refused(output.error, answer);
}

function refused(error: string, answer: HttpAnswer): NotSent {
  if (error === 'ratelimited' || error === 'rate_limited') return tooFast(answer);
  const why = `Slack: ${codeText(error)}`;
  return GONE.has(error) ? gone(why) : failed(why);
}

/** https://docs.slack.dev/apis/web-api/rate-limits: `Retry-After` in seconds. */
function tooFast(answer: HttpAnswer): NotSent {
  return failed('Slack: ratelimited', secondsIn(answer, 'retry-after'));
}

/**
 * A `response_url` works five times within half an hour: https://docs.slack.dev/legacy/legacy-dialogs .
 * The answer to a sixth use is not documented. After any refusal, the reply goes another way.
 */
function hookEnd(answered: PlatformAnswer): ChatSent | 'refused' {
  if (answered.kind === 'failed') return failed(`Slack: ${answered.why}`);
  const { answer, body } = answered;
  const { status } = answer;
  if (status === 429) return tooFast(answer);
  const isRefused = v.is(v.object({ ok: v.literal(false) }), body);
  if (status === 200 && !isRefused) return { kind: 'sent', value: null };
  if (isRefused || (status >= 400 && status < 500)) return 'refused';
  return failed(`Slack: HTTP status ${status}`);
}
