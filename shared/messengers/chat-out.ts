import type { ChatOut, ChatSent } from '../domain/model/chat-ports.ts';
import type { ChatPlace, Platform } from '../domain/model/chat.ts';
import type { Log } from '../domain/model/ports.ts';
import type { After } from '../outbound/http.ts';
import type { Sockets } from '../outbound/sockets.ts';
import { dingtalkOut, type DingTalkOptions } from './dingtalk/dingtalk-out.ts';
import { feishuOut, type FeishuOptions } from './feishu/feishu-out.ts';
import type { PlatformOptions } from './platform-call.ts';
import { gone } from './refusal.ts';
import { slackOut, type SlackOptions } from './slack/slack-out.ts';

/** Of a loopback host, for tests and the local cloud: it takes the place of the platform's own hosts. */
interface Override {
  readonly endpoint?: string | undefined;
}

export interface ChatOutOptions {
  /** null: this platform is not set up. */
  readonly slack: (SlackOptions & Override) | null;
  readonly dingtalk: (DingTalkOptions & Override) | null;
  readonly feishu: (FeishuOptions & Override) | null;
  readonly sockets: Sockets;
  readonly nowMs: () => number;
  readonly log: Log;
  /** Default: real time. */
  readonly after?: After;
}

/**
 * All platforms that are set up. Each method ends within ten seconds, whatever a platform does: five for a
 * call, and five for the one that it needs a token from.
 *
 * @throws {TypeError} for an endpoint or a secret that must not be used
 */
export function chatOut(options: ChatOutOptions): ChatOut {
  const { slack, dingtalk, feishu, log, nowMs } = options;
  const outs: Readonly<Record<Platform, ChatOut | null>> = {
    slack: slack && slackOut(slack, shared(slack, options)),
    dingtalk: dingtalk && dingtalkOut(dingtalk, shared(dingtalk, options)),
    feishu: feishu && feishuOut(feishu, shared(feishu, options)),
  };

  async function noted<T>(
    what: 'post' | 'update' | 'reply',
    { platform }: ChatPlace,
    run: (out: ChatOut) => Promise<ChatSent<T>>,
  ): Promise<ChatSent<T>> {
    const out = outs[platform];
    if (out === null) return gone(`${platform} is not set up`);
    const sinceMs = nowMs();
    const sent = await run(out);
    log('debug', 'chat-sent', { platform, what, kind: sent.kind, tookMs: nowMs() - sinceMs });
    return sent;
  }

  return {
    post: (place, card, key) => noted('post', place, (out) => out.post(place, card, key)),
    update: (ref, card) => noted('update', ref.place, (out) => out.update(ref, card)),
    reply: (to, card) => noted('reply', to.place, (out) => out.reply(to, card)),
  };
}

function shared({ endpoint }: Override, options: ChatOutOptions): PlatformOptions {
  const { sockets, nowMs, after } = options;
  return { endpoint, sockets, nowMs, after };
}
