import { listen, type Listening } from '../http/listen.ts';
import { loopbackHostsOnly } from '../http/loopback-hosts-only.ts';
import type { Stream } from '../http/wire.ts';
import { callFunction } from './call-function.ts';
import { Conversation } from './conversation.ts';
import { emulatedDingTalk } from './dingtalk/index.ts';
import { emulatedFeishu } from './feishu/index.ts';
import { pageAnswer } from './page-api.ts';
import type { Surroundings } from './platform.ts';
import { emulatedSlack } from './slack/index.ts';
import { json, type WireReply, type WireRequest } from './wire.ts';
import { type ChatSecrets, newSecrets } from './workspace.ts';

export interface LocalChatOptions {
  /** Default: 0, which picks a free port. */
  readonly port?: number;
  /** Base address of the function `chat`. Read at each call. */
  readonly functionUrl: () => string;
  /** Default: new random secrets. */
  readonly secrets?: ChatSecrets;
  /** How long the platforms wait for the function. Default: 3 s, as the real platforms do. */
  readonly deadlineMs?: number;
  readonly nowMs?: () => number;
  /** Further pages on the same port. They are asked first, and return undefined for other paths. */
  readonly pages?: (request: WireRequest) => Promise<WireReply | Stream> | undefined;
}

export interface LocalChat extends Listening {
  /** `http://127.0.0.1:<port>`. The functions call it instead of the three platforms. */
  readonly url: string;
  readonly secrets: ChatSecrets;
  readonly conversation: Conversation;
}

/** https://docs.slack.dev/interactivity/implementing-slash-commands. Feishu documents the same time, DingTalk none. */
const DEADLINE_MS = 3_000;

/**
 * Starts the emulated Slack, DingTalk and Feishu on one loopback port, and the page `/chat`. The APIs of the
 * three platforms share the port because their paths differ.
 *
 * @throws errors of `listen`, for example `EADDRINUSE`
 */
export async function startLocalChat(options: LocalChatOptions): Promise<LocalChat> {
  const { port = 0, functionUrl, deadlineMs = DEADLINE_MS, nowMs = Date.now } = options;
  const secrets = options.secrets ?? newSecrets();
  const conversation = new Conversation(nowMs);
  let url = '';
  const surroundings: Surroundings = {
    conversation,
    nowMs,
    ownUrl: () => url,
    post: (path, headers, body) =>
      callFunction(`${functionUrl()}${path}`, headers, body, deadlineMs),
  };
  const platforms = {
    slack: emulatedSlack(secrets, surroundings),
    dingtalk: emulatedDingTalk(secrets, surroundings),
    feishu: emulatedFeishu(secrets, surroundings),
  };
  const routes = Object.values(platforms).flatMap((platform) => platform.routes);
  const ofPage = pageAnswer(conversation, platforms);
  const listening = await listen(
    port,
    loopbackHostsOnly(
      async (request) =>
        (await options.pages?.(request)) ?? (await ofPage(request)) ?? ofPlatforms(request),
    ),
  );
  url = `http://127.0.0.1:${listening.port}`;
  return { ...listening, url, secrets, conversation };

  function ofPlatforms(request: WireRequest): WireReply {
    for (const { method, path, answer } of routes) {
      const parts = path.exec(request.path);
      if (parts !== null && method === request.method) return answer(request, parts.slice(1));
    }
    return json(404, { detail: `Cannot ${request.method} "${request.path}": no such path` });
  }
}
