import type { Platform } from '../domain/model/chat.ts';
import { LatchkeyError } from '../domain/model/errors.ts';
import {
  type After,
  type HttpAnswer,
  type HttpCall,
  httpSender,
  withoutAddress,
} from '../outbound/http.ts';
import type { Sockets } from '../outbound/sockets.ts';
import { originOf } from './pinned-url.ts';

/** The time limit of one call: our own choice. Platforms answer within a second, and an invocation makes several calls. */
const DEADLINE_MS = 5_000;
/** Our own choice. The longest answers repeat the message that was sent. */
const MAX_ANSWER_BYTES = 65_536;

/** What every outbound messenger is given. */
export interface PlatformOptions {
  /** A loopback host that takes the place of the platform's own hosts. */
  readonly endpoint?: string | undefined;
  readonly sockets: Sockets;
  readonly nowMs: () => number;
  /** Default: real time. */
  readonly after?: After | undefined;
}

export interface PlatformCall {
  readonly method: Exclude<HttpCall['method'], 'GET' | 'DELETE'>;
  /** Includes the query. May contain a secret. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json: unknown;
}

export type PlatformAnswer =
  | { readonly kind: 'answered'; readonly answer: HttpAnswer; readonly body: unknown }
  /** The call may have succeeded all the same. `why` contains no address. */
  | { readonly kind: 'failed'; readonly why: string };

/** Sends JSON once and returns the answer, whatever its status. Never rejects. */
export type SendPlatform = (call: PlatformCall) => Promise<PlatformAnswer>;

/**
 * A sender to one host of a platform. It follows no redirect.
 *
 * @param host the platform's own. `options.endpoint` takes its place
 * @throws {TypeError} for an endpoint that is not a loopback host
 */
export function platformSender(host: string, options: PlatformOptions): SendPlatform {
  const { sockets, after } = options;
  const send = httpSender({
    endpoint: originOf(host, options.endpoint),
    sockets,
    deadlineMs: DEADLINE_MS,
    maxAnswerBytes: MAX_ANSWER_BYTES,
    after,
  });
  return async ({ method, path, headers = {}, json }) => {
    const type = { 'content-type': 'application/json; charset=utf-8' };
    const body = Buffer.from(JSON.stringify(json));
    try {
      const answer = await send({ method, path, headers: { ...type, ...headers }, body });
      return { kind: 'answered', answer, body: bodyOf(answer) };
    } catch (error) {
      if (!(error instanceof LatchkeyError)) throw error;
      return { kind: 'failed', why: withoutAddress(error.message) };
    }
  };
}

/** The parsed JSON, or the text if it is not JSON. */
function bodyOf({ body }: HttpAnswer): unknown {
  const text = body.toString('utf8');
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** A second call of one delivery must begin within this time, so that both end within ten seconds. */
export const SECOND_CALL_MS = DEADLINE_MS;

/** Secrets are sent in headers. @throws {TypeError} for a secret that cannot be part of a header */
export function checkSecrets(platform: Platform, secrets: Readonly<Record<string, string>>): void {
  for (const [name, secret] of Object.entries(secrets)) {
    if (!/^[\x21-\x7e]{1,1000}$/.test(secret)) {
      throw new TypeError(`Cannot use ${platform}: ${name} is no secret of its form`);
    }
  }
}
