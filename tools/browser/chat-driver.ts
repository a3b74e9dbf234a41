/** A person who uses one platform of the local chat, by its page or by the API behind it. */
export interface ChatDriver {
  say(person: string, text: string): Promise<void>;
  /**
   * Presses a button of the newest message that has it, and confirms when asked.
   *
   * @param about a text that the message must contain
   */
  press(person: string, label: string, about: string): Promise<void>;
  /** All messages that the person sees, oldest first, and then passing notes. */
  texts(person: string): Promise<string[]>;
}
