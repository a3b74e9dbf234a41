import { randomBytes } from 'node:crypto';
import type { Route, WireReply, WireRequest } from './wire.ts';

/** How long a token is valid. DingTalk and Feishu document the same time on the pages of their token APIs. */
export const TOKEN_LIFE_SEC = 7_200;

/** The tokens that an emulated platform has issued. */
export class TokenStore {
  readonly #nowMs: () => number;
  readonly #untilMs = new Map<string, number>();

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  issue(prefix = ''): string {
    const token = `${prefix}${randomBytes(16).toString('hex')}`;
    this.#untilMs.set(token, this.#nowMs() + TOKEN_LIFE_SEC * 1_000);
    return token;
  }

  isValid(token: string): boolean {
    return (this.#untilMs.get(token) ?? 0) > this.#nowMs();
  }
}

/** The API that issues a platform's tokens, and the check of the token in each other request. */
export interface TokenApi {
  readonly route: Route;
  /** @returns the answer to a request without a valid token; undefined when the token is valid */
  readonly refusalOf: (request: WireRequest) => WireReply | undefined;
}
