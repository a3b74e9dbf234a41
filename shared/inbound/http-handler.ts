import { LatchkeyError } from '../domain/model/errors.ts';
import type { Clock, Log } from '../domain/model/ports.ts';
import { bugProblem, type FcContext, type HttpReply, problem } from './fc.ts';

/** A function behind an HTTP trigger. `Seen` is what is known about a request so far. */
export interface HttpDoor<Seen> {
  readonly clock: Clock;
  readonly log: Log;
  /** Answers one request, and notes in `seen` what it finds out. Refuses by throwing a `LatchkeyError`. */
  answer(asked: Asked<Seen>): Promise<HttpReply>;
  /** What each log line repeats about the request. */
  about(seen: Seen): Readonly<Record<string, unknown>>;
  /** What the log says about a refusal: nothing that the caller wrote. */
  whyOf(error: LatchkeyError): Readonly<Record<string, unknown>>;
  /** Headers of the answer to a refusal. */
  headersFor(error: LatchkeyError, seen: Seen): Readonly<Record<string, string>>;
}

export interface Asked<Seen> {
  readonly bytes: Uint8Array;
  readonly context: FcContext;
  readonly startedMs: number;
  readonly seen: Partial<Seen>;
  /** Adds what is known about the request. */
  readonly log: Log;
}

/**
 * Answers every request and logs the answer. A refusal becomes problem details. A bug becomes a 500 that tells
 * nothing but the request id.
 */
export function httpHandler<Seen>(door: HttpDoor<Partial<Seen>>) {
  const { clock } = door;
  return async (bytes: Uint8Array, context: FcContext): Promise<HttpReply> => {
    const startedMs = clock.nowMs();
    const { requestId } = context;
    const seen: Partial<Seen> = {};
    const log: Log = (level, event, fields) => {
      door.log(level, event, { requestId, ...door.about(seen), ...fields });
    };
    try {
      const reply = await door.answer({ bytes, context, startedMs, seen, log });
      log('info', 'answered', { status: reply.statusCode, tookMs: clock.nowMs() - startedMs });
      return reply;
    } catch (error) {
      const nowMs = clock.nowMs();
      const tookMs = nowMs - startedMs;
      if (!(error instanceof LatchkeyError)) {
        log('error', 'bug', { tookMs, error });
        return bugProblem(requestId);
      }
      const { code, traits } = error;
      const { status } = traits;
      const why = status < 500 ? door.whyOf(error) : { error };
      log(status < 500 ? 'info' : 'error', 'refused', { status, tookMs, code, ...why });
      const headers = door.headersFor(error, seen);
      return problem(error, { nowMs, instance: requestId, headers });
    }
  };
}
