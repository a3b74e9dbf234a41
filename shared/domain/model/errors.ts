interface Traits {
  /** For people. */
  readonly title: string;
  /**
   * Whose fault it is. `asker`: the message tells whoever asked what to change. `cloud`: Alibaba Cloud
   * failed or refused, and the message is for the log. A request too many is the asker's.
   */
  readonly fault: 'asker' | 'cloud';
  /** `nothing-done`: the call certainly did nothing. `maybe-done`: it did all, a part or nothing. */
  readonly certainty: Certainty;
}

/** What holds where the table below says nothing else. */
const USUAL = { fault: 'asker', certainty: 'nothing-done' } as const;

/** Every failure that we expect. A failure that is not in this table is a bug: let it propagate. */
const TRAITS = {
  /** The bytes are not what they claim to be: not JSON, not an event. */
  'bad-request': { title: 'Not readable' },
  unsigned: { title: 'Not signed' },
  forbidden: { title: 'Not allowed' },
  'not-found': { title: 'Not found' },
  'method-not-allowed': { title: 'Method not allowed' },
  /** The plan is not the one that was expected. */
  'plan-changed': { title: 'Plan changed' },
  conflict: { title: 'Conflict' },
  'too-large': { title: 'Too large' },
  'unsupported-media-type': { title: 'Unsupported media type' },
  /** Well formed, but against a rule: `faults` say where and which. */
  'not-valid': { title: 'Not valid' },
  /** Refused until `retryAtMs`. */
  throttled: { title: 'Throttled' },
  /** The cloud understood and refused: asking again changes nothing. */
  refused: { title: 'Refused by the cloud', fault: 'cloud' },
  /** No connection was made. */
  unreachable: { title: 'Not reachable', fault: 'cloud' },
  /** An error of the cloud, an answer that cannot be read, or a connection that broke. */
  unavailable: { title: 'Unavailable', fault: 'cloud', certainty: 'maybe-done' },
  /** No answer in time. */
  timeout: { title: 'No answer in time', fault: 'cloud', certainty: 'maybe-done' },
} as const satisfies Readonly<Record<string, Partial<Traits>>>;

export type ErrorCode = keyof typeof TRAITS;
export type Certainty = 'nothing-done' | 'maybe-done';

/** One fault of what was read: where it is and which rule it breaks. */
export interface FieldFault {
  /** The field, with the fields and places that it is in before it; empty for the whole. */
  readonly path: readonly (string | number)[];
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

  get traits(): Traits {
    return { ...USUAL, ...TRAITS[this.code] };
  }
}
