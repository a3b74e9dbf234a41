import type { ChatOut, ChatSent } from '../domain/model/chat-ports.ts';
import type { ChatPlace, Platform } from '../domain/model/chat.ts';
import type { Log } from '../domain/model/ports.ts';
import type { MessengerApp } from './messenger-app.ts';
import type { PlatformOptions } from './platform-call.ts';
import { gone } from './not-sent.ts';
import { OUTBOUND } from './registry/outbound.ts';

export interface ChatOutOptions extends Omit<PlatformOptions, 'endpoint'> {
  /** The platforms that are set up. */
  readonly apps: Readonly<Partial<Record<Platform, MessengerApp>>>;
  readonly log: Log;
}

/**
 * All platforms that are set up. Each method ends within ten seconds, whatever the platform does: five for the
 * call, and five for the call that fetches a token for it.
 *
 * @throws {TypeError} for an endpoint or a secret that must not be used
 */
export function chatOut({ apps, log, ...options }: ChatOutOptions): ChatOut {
  const { nowMs } = options;
  const outs = new Map(
    Object.entries(apps).map(([platform, app]): [string, ChatOut] => [
      platform,
      OUTBOUND[platform as Platform].open(app, { ...options, endpoint: app.endpoint }),
    ]),
  );

  async function logged<T>(
    what: 'post' | 'update' | 'reply',
    { platform }: ChatPlace,
    call: (out: ChatOut) => Promise<ChatSent<T>>,
  ): Promise<ChatSent<T>> {
    const out = outs.get(platform);
    if (out === undefined) return gone(`${platform} is not set up`);
    const sinceMs = nowMs();
    const sent = await call(out);
    log('debug', 'chat-sent', { platform, what, kind: sent.kind, tookMs: nowMs() - sinceMs });
    return sent;
  }

  return {
    post: (place, card, key) => logged('post', place, (out) => out.post(place, card, key)),
    update: (ref, card) => logged('update', ref.place, (out) => out.update(ref, card)),
    reply: (to, card) => logged('reply', to.place, (out) => out.reply(to, card)),
  };
}
