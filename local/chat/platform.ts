import type { Called } from './call-function.ts';
import type { Message } from './conversation.ts';
import type { Route } from './wire.ts';
import type { Member } from './workspace.ts';

/** One emulated platform: what Latchkey may ask of it, and what people do in it. */
export interface EmulatedPlatform {
  readonly routes: readonly Route[];
  /** Somebody sends a line. */
  say(member: Member, text: string): Promise<Called>;
  /**
   * Somebody presses a button of a message.
   *
   * @param button its place among the message's buttons, from 0
   * @throws {PressError}
   */
  press(member: Member, message: Message, button: number): Promise<Called>;
}

/** There is no such button. */
export class PressError extends Error {
  override readonly name = 'PressError';
}

/** What an emulated platform is told of its surroundings. */
export interface Surroundings {
  readonly nowMs: () => number;
  /** Base address of the function `chat`. */
  readonly functionUrl: () => string;
  /** Base address of the emulated platforms. */
  readonly ownUrl: () => string;
  /** How long the platform waits for an answer. */
  readonly deadlineMs: number;
}
