import type { ErrorCode, LatchkeyError } from '../domain/model/errors.ts';

/** Every code of a problem, and the HTTP status that it is answered with. `bug` is Latchkey's own fault. */
export const HTTP_STATUS: Readonly<Record<ErrorCode | 'bug', number>> = {
  'bad-request': 400,
  unsigned: 401,
  forbidden: 403,
  'not-found': 404,
  'method-not-allowed': 405,
  conflict: 409,
  'plan-changed': 409,
  'too-large': 413,
  'unsupported-media-type': 415,
  'not-valid': 422,
  throttled: 429,
  bug: 500,
  refused: 502,
  unavailable: 503,
  unreachable: 503,
  timeout: 504,
};

export function httpStatusOf({ code }: Pick<LatchkeyError, 'code'>): number {
  return HTTP_STATUS[code];
}
