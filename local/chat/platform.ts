import type { Called } from './call-function.ts';
import type { Conversation, Message } from './conversation.ts';
import type { Route } from './wire.ts';
import type { Member } from './workspace.ts';

/** One emulated platform: the API that Latchkey calls, and what members do in the client. */
export interface EmulatedPlatform {
  readonly routes: readonly Route[];
  /** A member sends a line of text. */
  say(member: Member, text: string): Promise<Called>;
  /**
   * A member presses a button of a message.
   *
   * @param message the version that the member saw
   * @param button its position among the message's buttons, from 0
   * @returns undefined when there is no such button
   */
  press(member: Member, message: Message, button: number): Promise<Called | undefined>;
}

/** What all emulated platforms share. */
export interface Surroundings {
  readonly conversation: Conversation;
  readonly nowMs: () => number;
  /** Base address of the emulated platforms. */
  readonly ownUrl: () => string;
  /** Posts to a path of the function `chat`. */
  readonly post: (
    path: string,
    headers: Readonly<Record<string, string>>,
    body: string,
  ) => Promise<Called>;
}
