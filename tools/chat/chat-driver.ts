/** Somebody at the local chat, in one of its platforms: by the page, or by what stands behind it. */
export interface ChatDriver {
  say(person: string, text: string): Promise<void>;
  /**
   * Presses a button of the newest message that has it, and confirms where that is asked for.
   *
   * @param about what the message says, too
   */
  press(person: string, label: string, about: string): Promise<void>;
  /** All messages that the person sees, as text, oldest first; then what is shown for a moment. */
  texts(person: string): Promise<string[]>;
}
