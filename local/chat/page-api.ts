import type { Stream } from '../http/wire.ts';
import type { Called } from './call-function.ts';
import type { Change, Conversation } from './conversation.ts';
import { pageFile } from './page-files.ts';
import type { EmulatedPlatform } from './platform.ts';
import { type Fields, json, jsonObject, type WireReply, type WireRequest } from './wire.ts';
import { type Member, MEMBERS, type Platform, WORKSPACE } from './workspace.ts';

/** Longest line that can be sent. Slack and DingTalk document no limit; this is our own choice. */
const MAX_LINE = 8_000;

type Platforms = Readonly<Record<Platform, EmulatedPlatform>>;

/**
 * Answers the page's requests: its files, the messages and their changes, sent lines and pressed buttons.
 *
 * @returns undefined for other paths
 */
export function pageAnswer(
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
    action: (platform: Platform, member: Member, fields: Fields) => Promise<WireReply>,
  ): Promise<WireReply> {
    // Another site's form cannot send this type, and its script can only after a CORS preflight, which fails.
    if (headers['content-type'] !== 'application/json') {
      return fault(415, 'Cannot read the request: its type is not application/json');
    }
    const fields = jsonObject(body);
    if (fields === undefined) return fault(400, 'Cannot read the request: not a JSON object');
    const platform = String(fields['platform']);
    const member = MEMBERS.find(({ id }) => id === fields['person']);
    if (member === undefined || !Object.hasOwn(platforms, platform)) {
      return fault(422, 'Cannot send or press: no such platform or person');
    }
    return action(platform as Platform, member, fields);
  }

  async function say(platform: Platform, member: Member, { text }: Fields): Promise<WireReply> {
    if (typeof text !== 'string' || text.length > MAX_LINE) {
      return fault(422, `Cannot send: the text must be a string of up to ${MAX_LINE} characters`);
    }
    return result(await platforms[platform].say(member, text));
  }

  async function press(platform: Platform, member: Member, fields: Fields): Promise<WireReply> {
    const { messageId, edits, button } = fields;
    if (typeof button !== 'number' || (edits !== undefined && typeof edits !== 'number')) {
      return fault(422, 'Cannot press: "button" and "edits" must be numbers');
    }
    // The version that the person saw: a later edit must not change which button was pressed.
    const message = conversation.find(platform, String(messageId), edits);
    const called = message && (await platforms[platform].press(member, message, button));
    return called === undefined
      ? fault(404, 'Cannot press: there is no such message or button')
      : result(called);
  }
}

/** The whole state of the page. Tests read it, too. */
function snapshot(conversation: Conversation) {
  return {
    channel: WORKSPACE.channelName,
    members: MEMBERS,
    messages: conversation.all(),
    toasts: conversation.toasts(),
  };
}

/** Server-sent events: a snapshot first, then every change. */
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
