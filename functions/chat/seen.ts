/** What is known about a request so far, for the log. It never contains what somebody wrote. */
export interface Seen {
  platform?: string;
  personId?: string | undefined;
  command?: string;
  orderId?: string;
  /** The command in canonical form, for a card to its author. Not for the log. */
  text?: string;
}
