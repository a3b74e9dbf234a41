import * as v from 'valibot';
import type { HttpAnswer } from './http.ts';

/** RFC 9457, and the fields that docs/http.md ("Errors") adds. */
const ProblemDocument = v.object({
  detail: v.string(),
  /** '' when the answer did not come from Latchkey. */
  code: v.string(),
  /** The request id in Latchkey's log. */
  instance: v.optional(v.string(), ''),
  vendorCode: v.optional(v.string(), ''),
  /** Alibaba Cloud's request id. */
  requestId: v.optional(v.string(), ''),
  errors: v.optional(v.array(v.object({ pointer: v.string(), detail: v.string() })), []),
});

export interface Problem extends v.InferOutput<typeof ProblemDocument> {
  readonly status: number;
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
    const isTemporary = status === 503 || status === 504;
    return { ...read.output, status, retryAfterMs, isTemporary, document: value };
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
