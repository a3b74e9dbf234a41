import type { Stream } from '../http/wire.ts';
import type { Called } from './call-function.ts';
import type { Change, Conversation } from './conversation.ts';
import { pageFile } from './page-files.ts';
import { type EmulatedPlatform, PressError } from './platform.ts';
import { type Fields, json, jsonObject, type WireReply, type WireRequest } from './wire.ts';
import { MEMBERS, type Platform, WORKSPACE } from './workspace.ts';

/** Longest line that can be sent: what Slack and DingTalk take is not documented; our own choice. */
const MAX_LINE = 8_000;

type Platforms = Readonly<Record<Platform, EmulatedPlatform>>;

/**
 * What the page asks for: itself, the messages as they change, a line to be sent, a button to be
 * pressed. Not of any platform.
 *
 * @returns undefined for what is not the page's
 */
export function consoleAnswer(
  conversation: Conversation,
  platforms: Platforms,
): (request: WireRequest) => Promise<WireReply | Stream> | undefined {
  return (request) => {
    const { method, path } = request;
    if (method === 'GET') {
      if (path === '/' || path === '/chat/') return Promise.resolve(moved('/chat'));
      if (path === '/chat') return Promise.resolve(pageFile('index.html')!);
      if (path === '/chat/messages') return Promise.resolve(json(200, snapshot(conversation)));
      if (path === '/chat/events') return Promise.resolve(events(conversation));
      const file = /^\/chat\/page\/([a-z-]+\.(?:js|css|svg))$/.exec(path)?.[1];
      const found = file === undefined ? undefined : pageFile(file);
      return found && Promise.resolve(found);
    }
    if (method !== 'POST' || (path !== '/chat/say' && path !== '/chat/press')) return undefined;
    return act(request, path === '/chat/say' ? say : press);
  };

  async function act(
    { headers, body }: WireRequest,
    carryOut: (fields: Fields) => Promise<WireReply>,
  ): Promise<WireReply> {
    // No form of another page can send this type, and no script without being asked first.
    if (headers['content-type'] !== 'application/json')
      return fault(415, 'Cannot read it: not JSON');
    const fields = jsonObject(body);
    return fields === undefined ? fault(400, 'Cannot read it: not JSON') : carryOut(fields);
  }

  async function say(fields: Fields): Promise<WireReply> {
    const { text } = fields;
    const who = actor(fields);
    if (who === undefined) return fault(422, 'Cannot send: no such platform or person');
    if (typeof text !== 'string' || text.length > MAX_LINE) {
      return fault(422, `Cannot send: text of up to ${MAX_LINE} characters is needed`);
    }
    return result(await platforms[who.platform].say(who.member, text));
  }

  async function press(fields: Fields): Promise<WireReply> {
    const { messageId, button } = fields;
    const who = actor(fields);
    if (who === undefined) return fault(422, 'Cannot press: no such platform or person');
    const message = conversation.find(who.platform, String(messageId));
    if (message === undefined || typeof button !== 'number') {
      return fault(404, 'Cannot press: no such message');
    }
    try {
      return result(await platforms[who.platform].press(who.member, message, button));
    } catch (error) {
      if (!(error instanceof PressError)) throw error;
      return fault(404, error.message);
    }
  }

  function actor({ platform, person }: Fields) {
    const member = MEMBERS.find(({ id }) => id === person);
    if (member === undefined || !Object.hasOwn(platforms, String(platform))) return undefined;
    return { member, platform: platform as Platform };
  }
}

/** Everything there is, for the page's beginning and for tests. */
function snapshot(conversation: Conversation) {
  return {
    channel: WORKSPACE.channelName,
    members: MEMBERS,
    messages: conversation.all(),
    toasts: conversation.toasts(),
  };
}

/** Server-sent events: all of it first, then every change. */
function events(conversation: Conversation): Stream {
  return {
    kind: 'stream',
    contentType: 'text/event-stream',
    begin(write) {
      const send = (name: string, value: unknown) =>
        write(`event: ${name}\ndata: ${JSON.stringify(value)}\n\n`);
      send('snapshot', snapshot(conversation));
      return conversation.listen((change: Change) => send('change', change));
    },
  };
}

function result(called: Called): WireReply {
  return json(200, called.kind === 'answered' ? { ...called, body: undefined } : called);
}

function moved(location: string): WireReply {
  return { status: 302, headers: { location }, body: '' };
}

function fault(status: number, detail: string): WireReply {
  return json(status, { detail });
}
