import type { ChatOut } from '../domain/model/chat-ports.ts';
import type { ChatPlace } from '../domain/model/chat.ts';
import type { MessengerApp } from './messenger-app.ts';
import { gone } from './not-sent.ts';
import type { PlatformOptions } from './platform-call.ts';

/** The half of a messenger that the function `messenger` loads: renders cards, and sends them. */
export interface OutboundMessenger {
  /** The least time between two updates of one card. Changes within it are shown by one update. */
  readonly updateEveryMs: number;
  /** @throws {TypeError} for an endpoint or a secret that must not be used */
  open(app: MessengerApp, options: PlatformOptions): ChatOut;
}

/** Sends to one tenant. What is for another one is not sent. */
export function onlyFor(tenant: string, why: string, out: ChatOut): ChatOut {
  const isOurs = (place: ChatPlace) => place.tenant === tenant;
  return {
    post: async (place, card, key) => (isOurs(place) ? out.post(place, card, key) : gone(why)),
    update: async (ref, card) => (isOurs(ref.place) ? out.update(ref, card) : gone(why)),
    reply: async (to, card) => (isOurs(to.place) ? out.reply(to, card) : gone(why)),
  };
}
