/**
 * Every failure that we expect, and what follows from it: the HTTP status to answer with, and what
 * we know about the call that failed. `certainty` is `nothing-done` when the other side certainly
 * did nothing, and `maybe-done` when it may have done all, a part or nothing.
 *
 * A failure that is not in this table is a bug: let it propagate.
 */
const TRAITS = {
  /** The bytes are not what they claim to be: not JSON, not an event. */
  'bad-request': { status: 400, title: 'Not readable', certainty: 'nothing-done' },
  unsigned: { status: 401, title: 'Not signed', certainty: 'nothing-done' },
  forbidden: { status: 403, title: 'Not allowed', certainty: 'nothing-done' },
  'not-found': { status: 404, title: 'Not found', certainty: 'nothing-done' },
  'method-not-allowed': { status: 405, title: 'Method not allowed', certainty: 'nothing-done' },
  /** The plan is not the one that was expected. */
  'plan-changed': { status: 409, title: 'Plan changed', certainty: 'nothing-done' },
  conflict: { status: 409, title: 'Conflict', certainty: 'nothing-done' },
  'too-large': { status: 413, title: 'Too large', certainty: 'nothing-done' },
  'unsupported-media-type': {
    status: 415,
    title: 'Unsupported media type',
    certainty: 'nothing-done',
  },
  /** Well formed, but against a rule: `pointers` say which. */
  'not-valid': { status: 422, title: 'Not valid', certainty: 'nothing-done' },
  /** Refused until `retryAtMs`. */
  throttled: { status: 429, title: 'Throttled', certainty: 'nothing-done' },
  /** The cloud understood and refused: asking again changes nothing. */
  refused: { status: 502, title: 'Refused by the cloud', certainty: 'nothing-done' },
  /** No connection was made. */
  unreachable: { status: 503, title: 'Not reachable', certainty: 'nothing-done' },
  /** An error of the cloud, an answer that cannot be read, or a connection that broke. */
  unavailable: { status: 503, title: 'Unavailable', certainty: 'maybe-done' },
  /** No answer in time. */
  timeout: { status: 504, title: 'No answer in time', certainty: 'maybe-done' },
} as const;

export type ErrorCode = keyof typeof TRAITS;
export type Certainty = 'nothing-done' | 'maybe-done';

/** One fault of a request: where it is (RFC 6901 JSON pointer) and which rule it breaks. */
export interface FieldFault {
  readonly pointer: string;
  readonly detail: string;
}

export interface ErrorDetails {
  readonly cause?: unknown;
  /** The cloud's own error code, such as `IncorrectInstanceStatus`. */
  readonly vendorCode?: string;
  /** The cloud's request id: what its support asks for. */
  readonly requestId?: string;
  /** Milliseconds since the epoch: trying again earlier is useless. */
  readonly retryAtMs?: number;
  readonly faults?: readonly FieldFault[];
  /** What else an answer tells, under the names that it has there. */
  readonly extra?: Readonly<Record<string, unknown>>;
  /** A batch call was refused as a whole for the sake of one of its instances. */
  readonly blamesOneInstance?: boolean;
}

export class LatchkeyError extends Error {
  override readonly name = 'LatchkeyError';
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.details = details;
  }

  get traits(): { readonly status: number; readonly title: string; readonly certainty: Certainty } {
    return TRAITS[this.code];
  }
}
