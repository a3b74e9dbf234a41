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
  // Function Compute joins the values of a header that was sent twice.
  const declared = (headers['content-length'] ?? '').split(',').slice(0, 10);
  const bytes = Math.max(body.length, ...declared.map((length) => Number(length) || 0));
  if (bytes <= maxBytes) return;
  const limit = `at most ${maxBytes} are read`;
  throw new LatchkeyError('too-large', `Cannot read a body of ${bytes} bytes: ${limit}`);
}
