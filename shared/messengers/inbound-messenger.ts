import type { Card } from '../domain/model/card.ts';
import type { Log, RequestLedger } from '../domain/model/ports.ts';
import type { ChatIn } from './chat-in.ts';
import type { MessengerApp } from './messenger-app.ts';

/** The half of a messenger that the function `chat` loads: reads requests, and shows cards in the answers. */
export interface InboundMessenger {
  /** The path that the platform posts to. It begins with `/chat/`. */
  readonly path: RegExp;
  readonly contentType: 'form' | 'json';
  /** Whether the platform sends a line again after an answer with status 500 or above. */
  readonly retriesLines: boolean;
  /**
   * Verifies a request, and then reads it.
   *
   * @throws {LatchkeyError} `unsigned` when it is not from the platform and for the app; `bad-request` when it
   * cannot be read
   */
  receive(request: ChatRequest, app: MessengerApp, ports: ReceivePorts): ChatIn | Promise<ChatIn>;
  /** The body of the answer to a line, if it can show the card. Without it, the card is sent as a message. */
  answerLine?(card: Card): object;
  /** As `answerLine`, for a press of a button. */
  answerClick?(card: Card, outcome: 'sent-on' | 'refused'): object;
}

export interface ChatRequest {
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The raw bytes. */
  readonly body: Uint8Array;
}

export interface ReceivePorts {
  readonly nowMs: number;
  readonly ledger: Pick<RequestLedger, 'take'>;
  readonly log: Log;
}
