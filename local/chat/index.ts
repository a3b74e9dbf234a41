import { listen, type Listening } from '../http/listen.ts';
import { loopbackHostsOnly } from '../http/loopback-hosts-only.ts';
import type { Stream } from '../http/wire.ts';
import { consoleAnswer } from './console.ts';
import { Conversation } from './conversation.ts';
import { emulatedDingTalk } from './dingtalk/index.ts';
import { emulatedFeishu } from './feishu/index.ts';
import type { Surroundings } from './platform.ts';
import { emulatedSlack } from './slack/index.ts';
import { json, type WireReply, type WireRequest } from './wire.ts';
import { type ChatSecrets, newSecrets } from './workspace.ts';

export interface LocalChatOptions {
  /** 0 (default) picks a free one. */
  readonly port?: number;
  /** Base address of the function `chat`; asked at each call. */
  readonly functionUrl: () => string;
  /** Default: new ones. */
  readonly secrets?: ChatSecrets;
  /** How long the platforms wait for the function. Default: 3 s, as they do. */
  readonly deadlineMs?: number;
  readonly nowMs?: () => number;
  /** Further pages on the same port; undefined for what is none of theirs. Asked first. */
  readonly pages?: (request: WireRequest) => Promise<WireReply | Stream> | undefined;
}

export interface LocalChat extends Listening {
  /** `http://127.0.0.1:<port>`: what the functions call in the place of all three platforms. */
  readonly url: string;
  readonly secrets: ChatSecrets;
  readonly conversation: Conversation;
}

/** https://docs.slack.dev/interactivity/implementing-slash-commands ; Feishu says the same, DingTalk nothing. */
const DEADLINE_MS = 3_000;

/**
 * Slack, DingTalk and Feishu on one loopback port, whose paths differ, and the page `/chat` on which
 * people write and press.
 *
 * @throws `EADDRINUSE` and its like
 */
export async function startLocalChat(options: LocalChatOptions): Promise<LocalChat> {
  const { port = 0, functionUrl, deadlineMs = DEADLINE_MS, nowMs = Date.now } = options;
  const secrets = options.secrets ?? newSecrets();
  const conversation = new Conversation();
  let url = '';
  const surroundings: Surroundings = { nowMs, functionUrl, ownUrl: () => url, deadlineMs };
  const platforms = {
    slack: emulatedSlack(conversation, secrets, surroundings),
    dingtalk: emulatedDingTalk(conversation, secrets, surroundings),
    feishu: emulatedFeishu(conversation, secrets, surroundings),
  };
  const routes = Object.values(platforms).flatMap((platform) => platform.routes);
  const ofConsole = consoleAnswer(conversation, platforms);
  const listening = await listen(
    port,
    loopbackHostsOnly(
      async (request) =>
        (await options.pages?.(request)) ?? (await ofConsole(request)) ?? ofPlatforms(request),
    ),
  );
  url = `http://127.0.0.1:${listening.port}`;
  return { ...listening, url, secrets, conversation };

  function ofPlatforms(request: WireRequest): WireReply {
    for (const { method, path, answer } of routes) {
      const parts = path.exec(request.path);
      if (parts !== null && method === request.method) return answer(request, parts.slice(1));
    }
    return json(404, { detail: `Cannot ${request.method} "${request.path}": nothing is there` });
  }
}
