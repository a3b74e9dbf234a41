/** What is known of a request so far, for the log: never what somebody wrote. */
export interface Seen {
  platform?: string;
  personId?: string | undefined;
  command?: string;
  orderId?: string;
  /** The command in canonical form, for the one who gave it; not for the log. */
  text?: string;
}
