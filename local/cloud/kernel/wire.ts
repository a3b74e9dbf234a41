/** One HTTP request as it came, with nothing decoded. */
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
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | string;
}

/** How a call ends on the wire when a fault forbids an answer. */
export type NoReply = 'reset' | 'silence';

/** An error as a vendor's service words it. */
export interface VendorError {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}
