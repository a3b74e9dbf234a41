import * as v from 'valibot';
import { ProblemAnswer } from '../../shared/contract/answers/problem-schema.ts';
import type { HttpAnswer } from './http.ts';
import { tolerant } from './tolerant.ts';

/** What Latchkey answers where it refuses (docs/http.md, "Errors"). */
export const ProblemDocument = tolerant(ProblemAnswer);

export interface Problem {
  readonly status: number;
  /** '' when the answer was none of Latchkey's. */
  readonly code: string;
  readonly detail: string;
  /** Where in Latchkey's log it stands. */
  readonly instance: string;
  readonly vendorCode: string;
  /** Alibaba's own. */
  readonly requestId: string;
  readonly errors: readonly { readonly pointer: string; readonly detail: string }[];
  readonly retryAfterMs: number | undefined;
  /** The same again, unchanged, can work within moments. */
  readonly isPassing: boolean;
  /** As it came; undefined when it was no JSON. */
  readonly document: unknown;
}

/** Most of an answer that is not understood: our own choice. */
const MAX_SHOWN = 200;

/** @param value of the body, undefined when it is no JSON */
export function problemOf({ status, headers, body }: HttpAnswer, value: unknown): Problem {
  const retryAfter = Number.parseInt(headers['retry-after'] ?? '', 10);
  const retryAfterMs = Number.isNaN(retryAfter) ? undefined : retryAfter * 1_000;
  const read = v.safeParse(ProblemDocument, value);
  if (read.success) {
    const { detail, code, instance, vendorCode = '', requestId = '', errors = [] } = read.output;
    const isPassing = status === 503 || status === 504;
    const about = { status, code, detail, instance, vendorCode, requestId, errors };
    return { ...about, retryAfterMs, isPassing, document: value };
  }
  return {
    status,
    code: '',
    detail: `Cannot read the answer: HTTP ${status} ${body.slice(0, MAX_SHOWN).trim()}`.trim(),
    instance: headers['x-fc-request-id'] ?? '',
    vendorCode: '',
    requestId: '',
    errors: [],
    retryAfterMs,
    // What stands between us and the function, or the function's own end.
    isPassing: status >= 500,
    document: value,
  };
}
