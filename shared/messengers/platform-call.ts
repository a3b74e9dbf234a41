import type { Platform } from '../domain/model/chat.ts';
import { LatchkeyError } from '../domain/model/errors.ts';
import { LOOPBACK } from '../lib/loopback.ts';
import { parseEndpoint } from '../outbound/endpoint.ts';
import {
  type After,
  type HttpAnswer,
  type HttpCall,
  httpSender,
  withoutAddress,
} from '../outbound/http.ts';
import type { Sockets } from '../outbound/sockets.ts';

/** Of one call: our own choice. Platforms answer within a second, and an invocation makes several calls. */
const DEADLINE_MS = 5_000;
/** Our own choice: an answer repeats at most the message that it is about. */
const MAX_ANSWER_BYTES = 65_536;

/** What every platform's adapter is given. */
export interface PlatformOptions {
  /** Of a loopback host, in the place of the platform's own ones. */
  readonly endpoint?: string | undefined;
  readonly sockets: Sockets;
  readonly nowMs: () => number;
  /** Default: real time. */
  readonly after?: After | undefined;
}

export interface PlatformCall {
  readonly method: Exclude<HttpCall['method'], 'GET' | 'DELETE'>;
  /** With the query. It may be a secret. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json: unknown;
}

export type PlatformAnswer =
  | { readonly kind: 'answered'; readonly answer: HttpAnswer; readonly body: unknown }
  /** May have been carried out all the same. `why` tells no address. */
  | { readonly kind: 'failed'; readonly why: string };

/** Sends JSON once, and reads the answer, whatever its status is. Never rejects. */
export type SendPlatform = (call: PlatformCall) => Promise<PlatformAnswer>;

/**
 * A sender to one host of a platform and to no other: no redirect is followed.
 *
 * @param host the platform's own; `options.endpoint` takes its place
 * @throws {TypeError} for an endpoint that is no loopback host
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

/** @throws {TypeError} for an endpoint that is no loopback host */
export function originOf(host: string, endpoint: string | undefined): string {
  if (endpoint === undefined) return `https://${host}`;
  const { hostname, origin } = parseEndpoint(endpoint);
  if (LOOPBACK.test(hostname)) return origin;
  throw new TypeError(`Cannot use endpoint "${endpoint}": not a loopback host`);
}

/** JSON, or else the text. */
function bodyOf({ body }: HttpAnswer): unknown {
  const text = body.toString('utf8');
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** How long a second call of one delivery may wait for its turn, so that both end within ten seconds. */
export const SECOND_CALL_MS = DEADLINE_MS;

/** A secret goes into a header: what has no place there is refused before it is used. */
export function checkSecrets(platform: Platform, secrets: Readonly<Record<string, string>>): void {
  for (const [name, secret] of Object.entries(secrets)) {
    if (!/^[\x21-\x7e]{1,1000}$/.test(secret)) {
      throw new TypeError(`Cannot use ${platform}: ${name} is no secret of its form`);
    }
  }
}
