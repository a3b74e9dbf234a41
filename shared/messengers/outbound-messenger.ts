import type { ChatOut } from '../domain/model/chat-ports.ts';
import type { MessengerApp } from './messenger-app.ts';
import type { PlatformOptions } from './platform-call.ts';

/** The half of a messenger that the function `messenger` loads: renders cards, and sends them. */
export interface OutboundMessenger {
  /** The least time between two updates of one card. Changes within it are shown by one update. */
  readonly updateEveryMs: number;
  /** @throws {TypeError} for an endpoint or a secret that must not be used */
  open(app: MessengerApp, options: PlatformOptions): ChatOut;
}
