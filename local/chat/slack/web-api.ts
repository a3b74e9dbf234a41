import { timingSafeEqual } from 'node:crypto';
import type { Message } from '../conversation.ts';
import { Pace } from '../pace.ts';
import type { Surroundings } from '../platform.ts';
import {
  type Fields,
  json,
  jsonObject,
  type Route,
  type WireReply,
  type WireRequest,
} from '../wire.ts';
import { memberOf, WORKSPACE } from '../workspace.ts';
import type { Channel } from './channel.ts';
import { readMessage } from './message-of.ts';

/** "1 per second … short bursts": https://docs.slack.dev/apis/web-api/rate-limits. The length of a burst is our own choice. */
const POSTS = { limit: 5, windowMs: 5_000 };
/** Tier 3: https://docs.slack.dev/reference/methods/chat.update */
const UPDATES = { limit: 50, windowMs: 60_000 };

const { slack } = WORKSPACE;

/**
 * The methods of the Web API that Latchkey may call. Any other method is unknown.
 *
 * A failure is HTTP 200 with `"ok": false`. Too many calls get HTTP 429:
 * https://docs.slack.dev/apis/web-api/#evaluating-responses
 */
export function webApi(
  channel: Channel,
  botToken: string,
  { conversation, nowMs }: Surroundings,
): Route {
  const posts = new Pace(POSTS.limit, POSTS.windowMs);
  const updates = new Pace(UPDATES.limit, UPDATES.windowMs);
  const methods: Readonly<Record<string, (fields: Fields) => WireReply>> = {
    'chat.postMessage': postMessage,
    'chat.update': update,
    'chat.postEphemeral': postEphemeral,
  };
  return {
    method: 'POST',
    path: /^\/api\/([A-Za-z.]+)$/,
    answer: (request, [name]) => {
      const method = methods[name!];
      if (method === undefined) return failure('unknown_method');
      const { authorization } = request.headers;
      if (authorization === undefined) return failure('not_authed');
      if (!isToken(authorization, botToken)) return failure('invalid_auth');
      const fields = fieldsOf(request);
      return typeof fields === 'string' ? failure(fields) : method(fields);
    },
  };

  function postMessage(fields: Fields): WireReply {
    const read = readMessage(fields, [
      'channel',
      'unfurl_links',
      'unfurl_media',
      'metadata',
      'mrkdwn',
    ]);
    if (fields['channel'] !== slack.channelId) return failure('channel_not_found');
    if (read.kind === 'fault') return failure(read.error, read.details);
    const waitMs = posts.take(slack.channelId, nowMs());
    if (waitMs > 0) return rateLimited(waitMs);
    const { body } = read;
    const { id } = channel.add(body, null);
    return json(200, {
      ok: true,
      channel: slack.channelId,
      ts: id,
      message: {
        type: 'message',
        ts: id,
        user: slack.botUserId,
        bot_id: slack.botId,
        ...shown(body),
      },
    });
  }

  function update(fields: Fields): WireReply {
    const read = readMessage(fields, ['channel', 'ts', 'metadata']);
    if (fields['channel'] !== slack.channelId) return failure('channel_not_found');
    const message = conversation.find('slack', String(fields['ts']));
    // An ephemeral message cannot be edited.
    if (message === undefined || message.onlyFor !== null) return failure('message_not_found');
    if (message.author !== 'latchkey') return failure('cant_update_message');
    if (read.kind === 'fault') return failure(read.error, read.details);
    const waitMs = updates.take('', nowMs());
    if (waitMs > 0) return rateLimited(waitMs);
    conversation.edit(message, read.body);
    const { id } = message;
    const { text } = shown(read.body);
    return json(200, {
      ok: true,
      channel: slack.channelId,
      ts: id,
      text,
      message: shown(read.body),
    });
  }

  function postEphemeral(fields: Fields): WireReply {
    const read = readMessage(fields, ['channel', 'user']);
    if (fields['channel'] !== slack.channelId) return failure('channel_not_found');
    const member = memberOf('slack', String(fields['user']));
    if (member === undefined) return failure('user_not_in_channel');
    if (read.kind === 'fault') return failure(read.error, read.details);
    const waitMs = posts.take(slack.channelId, nowMs());
    if (waitMs > 0) return rateLimited(waitMs);
    return json(200, { ok: true, message_ts: channel.add(read.body, member.id).id });
  }
}

/** Only JSON is accepted: in a form, blocks would have to be a string. */
function fieldsOf({ headers, body }: WireRequest): Fields | string {
  const type = headers['content-type'] ?? '';
  if (!/^application\/json(?:\s*;|$)/i.test(type)) return 'invalid_form_data';
  return jsonObject(body) ?? 'invalid_json';
}

function isToken(authorization: string, botToken: string): boolean {
  const given = Buffer.from(authorization);
  const wanted = Buffer.from(`Bearer ${botToken}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

function shown(body: Message['body']): { text: string; blocks?: readonly unknown[] } {
  if (body.kind === 'blocks') return { text: body.text, blocks: body.blocks };
  return { text: body.kind === 'text' ? body.text : '' };
}

function failure(error: string, details: readonly string[] = []): WireReply {
  if (details.length === 0) return json(200, { ok: false, error });
  const messages = details.map((detail) => `[ERROR] ${detail}`);
  return json(200, { ok: false, error, errors: details, response_metadata: { messages } });
}

function rateLimited(waitMs: number): WireReply {
  const seconds = String(Math.ceil(waitMs / 1_000));
  return json(429, { ok: false, error: 'ratelimited' }, { 'retry-after': seconds });
}
