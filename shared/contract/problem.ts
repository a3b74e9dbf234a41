import type { LatchkeyError } from '../domain/model/errors.ts';
import { pointerOf } from '../lib/pointer.ts';
import type { AnswerOf } from './answers/answer-of.ts';
import type { ProblemAnswer as Schema } from './answers/problem-schema.ts';
import { HTTP_STATUS } from './http-status.ts';

export type ProblemAnswer = AnswerOf<typeof Schema>;

/**
 * An error as RFC 9457 problem details, with our `code`, the cloud's own code and request id where
 * there are any, every faulty field, and what else the error has to tell.
 *
 * @param instance what identifies this occurrence: the request id
 */
export function problemOf(error: LatchkeyError, instance: string): ProblemAnswer {
  const { code, message, traits, details } = error;
  const { vendorCode, requestId, faults, extra } = details;
  return {
    ...extra,
    ...membersOf(code, traits.title, message, instance),
    vendorCode,
    requestId,
    errors: faults?.map(({ path, detail }) => ({ pointer: pointerOf(path), detail })),
  };
}

/** What a caller is told of a bug: that it is Latchkey's, and nothing of its inside. */
export function bugProblemOf(instance: string): ProblemAnswer {
  const detail = 'Cannot answer the request: a fault of the service, which was logged';
  return membersOf('bug', 'Fault of the service', detail, instance);
}

function membersOf(code: ProblemAnswer['code'], title: string, detail: string, instance: string) {
  return { type: `urn:latchkey:${code}`, title, status: HTTP_STATUS[code], detail, instance, code };
}
