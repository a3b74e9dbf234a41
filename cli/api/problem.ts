import * as v from 'valibot';
import { ProblemAnswer } from '../../shared/contract/answers/problem-schema.ts';
import type { HttpAnswer } from './http.ts';
import { tolerant } from './tolerant.ts';

/** What Latchkey answers where it refuses (docs/http.md, "Errors"). */
export const ProblemDocument = tolerant(ProblemAnswer);

export interface Problem {
  readonly status: number;
  /** '' when the answer did not come from Latchkey. */
  readonly code: string;
  readonly detail: string;
  /** The request id in Latchkey's log. */
  readonly instance: string;
  readonly vendorCode: string;
  /** Alibaba Cloud's request id. */
  readonly requestId: string;
  readonly errors: NonNullable<v.InferOutput<typeof ProblemDocument>['errors']>;
  readonly retryAfterMs: number | undefined;
  /** The unchanged request may work within seconds. */
  readonly isTemporary: boolean;
  /** The body as received; undefined when it is not JSON. */
  readonly document: unknown;
}

/** Characters shown of an answer that cannot be read: our own choice. */
const MAX_SHOWN = 200;

/** @param value the parsed body; undefined when it is not JSON */
export function problemOf({ status, headers, body }: HttpAnswer, value: unknown): Problem {
  const retryAfter = Number.parseInt(headers['retry-after'] ?? '', 10);
  const retryAfterMs = Number.isNaN(retryAfter) ? undefined : retryAfter * 1_000;
  const read = v.safeParse(ProblemDocument, value);
  if (read.success) {
    const { instance, code, detail, vendorCode = '', requestId = '', errors = [] } = read.output;
    const isTemporary = status === 503 || status === 504;
    const about = { status, code, detail, instance, vendorCode, requestId, errors };
    return { ...about, retryAfterMs, isTemporary, document: value };
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
    // A gateway, or a function that crashed, answered.
    isTemporary: status >= 500,
    document: value,
  };
}
