import { LatchkeyError } from '../domain/model/errors.ts';
import type { HttpRequest } from './fc.ts';

/**
 * Refuses a body that is larger than `maxBytes`, or declared to be.
 *
 * @throws {LatchkeyError} `too-large`
 */
export function checkBodySize(
  { headers, body }: Pick<HttpRequest, 'headers' | 'body'>,
  maxBytes: number,
): void {
  const bytes = Math.max(body.length, ...declaredBytes(headers['content-length']));
  if (bytes <= maxBytes) return;
  const limit = `at most ${maxBytes} are read`;
  throw new LatchkeyError('too-large', `Cannot read a body of ${bytes} bytes: ${limit}`);
}

/** Function Compute joins the values of a header that was sent twice. */
function declaredBytes(header = ''): number[] {
  return header
    .split(',')
    .slice(0, 10)
    .map((length) => Number(length) || 0);
}
