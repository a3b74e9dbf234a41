/** One message of the queue, and how often its delivery failed. */
export interface Letter {
  readonly body: string;
  readonly tries: number;
}

/** Where every message of the queue is. The mail keeps this up to date; referees read it. */
export class Letters {
  /** Not yet handled by an invocation that ended well. */
  readonly underWay = new Set<Letter>();
  /** Given up by the trigger, and kept in its dead-letter queue. */
  readonly undeliverable: Letter[] = [];

  all(): readonly Letter[] {
    return [...this.underWay, ...this.undeliverable];
  }
}
