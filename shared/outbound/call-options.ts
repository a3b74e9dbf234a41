import type { CredentialSource } from './credentials.ts';
import { type After, httpSender, type SendHttp } from './http.ts';
import type { Sockets } from './sockets.ts';

/** Our own choice: a call takes some ten milliseconds, and three tries must fit into an invocation. */
const DEFAULT_DEADLINE_MS = 5_000;

/** Options of the clients that sign their own calls: SMQ and Tablestore. */
export interface CallOptions {
  /** https, or plain http for a loopback host. */
  readonly endpoint: string;
  readonly credentials: CredentialSource;
  readonly sockets: Sockets;
  /** The time limit of one call. */
  readonly deadlineMs?: number;
  /** The time in the signed headers. The services accept 15 minutes of difference. Default: the real time. */
  readonly wireNowMs?: () => number;
  readonly after?: After | undefined;
}

/** @throws {TypeError} for an endpoint that must not be used */
export function senderOf(options: CallOptions, maxAnswerBytes: number): SendHttp {
  const { endpoint, sockets, deadlineMs = DEFAULT_DEADLINE_MS, after } = options;
  return httpSender({ endpoint, sockets, deadlineMs, maxAnswerBytes, after });
}
