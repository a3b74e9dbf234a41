import { httpStatusOf } from '../contract/http-status.ts';
import { LatchkeyError } from '../domain/model/errors.ts';
import type { Clock, Log } from '../domain/model/ports.ts';
import { bugProblem, type HttpReply, problem } from './fc.ts';

interface Options {
  readonly requestId: string;
  readonly clock: Clock;
  readonly log: Log;
  /** What the log says about a refusal that is the asker's fault, besides its code. */
  readonly whyOf: (error: LatchkeyError) => string | undefined;
  /** Further headers of the answer to an error. */
  readonly headersOf: (error: LatchkeyError) => Readonly<Record<string, string>>;
}

/**
 * Answers and logs every request. A `LatchkeyError` becomes problem details. Any other error is a bug: the
 * answer is a 500 that reveals nothing about the cause, and the log has it.
 *
 * @param answer gets the time at which the request came in
 */
export async function answerHttp(
  { requestId, clock, log, whyOf, headersOf }: Options,
  answer: (startedMs: number) => Promise<HttpReply>,
): Promise<HttpReply> {
  const startedMs = clock.nowMs();
  try {
    const reply = await answer(startedMs);
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
    const about = { status: httpStatusOf(error), tookMs, code };
    if (traits.fault === 'asker') log('info', 'refused', { ...about, why: whyOf(error) });
    else log('error', 'refused', { ...about, error });
    return problem(error, { nowMs, instance: requestId, headers: headersOf(error) });
  }
}
