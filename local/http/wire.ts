/** One HTTP request as it came: nothing is decoded. */
export interface WireRequest {
  readonly method: string;
  /** As sent, without the query. */
  readonly path: string;
  /** As sent, without the question mark; '' when there is none. */
  readonly query: string;
  /** Names in lower case; values of a repeated header joined by ", ". */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly sourceIp: string;
}

export interface WireReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: Buffer | string;
}

/** How the server ends a call without an answer: it resets the connection, or leaves it open in silence. */
export type NoReply = 'reset' | 'silence';

/** An answer that is written piece by piece until the client goes away. */
export interface Stream {
  readonly kind: 'stream';
  readonly contentType: string;
  /** @returns what ends it */
  readonly begin: (write: (text: string) => void) => () => void;
}

export type Answer = (request: WireRequest) => Promise<WireReply | NoReply | Stream>;
