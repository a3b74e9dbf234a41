import { LatchkeyError } from '../../shared/domain/model/errors.ts';
import type { HttpRequest } from '../../shared/inbound/fc.ts';

/** Largest body that is read: our own choice (facts: chatops-security §8.3), Slack's repeat whole messages. */
const MAX_BODY_BYTES = 128 * 1024;

const TYPES = {
  slack: /^application\/x-www-form-urlencoded\s*(;|$)/i,
  dingtalk: /^application\/json\s*(;|$)/i,
  feishu: /^application\/json\s*(;|$)/i,
};

/**
 * Checks what can be seen without reading anything.
 *
 * @throws {LatchkeyError} `unsupported-media-type` or `too-large`
 */
export function checkForm(
  { headers, body }: Pick<HttpRequest, 'headers' | 'body'>,
  platform: keyof typeof TYPES,
): void {
  if (!TYPES[platform].test(headers['content-type'] ?? '')) {
    const why = 'it is not what the platform sends';
    throw new LatchkeyError('unsupported-media-type', `Cannot read the content type: ${why}`);
  }
  const bytes = Math.max(body.length, ...declaredBytes(headers['content-length']));
  if (bytes <= MAX_BODY_BYTES) return;
  const limit = `at most ${MAX_BODY_BYTES} are read`;
  throw new LatchkeyError('too-large', `Cannot read a body of ${bytes} bytes: ${limit}`);
}

/** A length that was sent twice is two, joined by the platform. */
function declaredBytes(header = ''): number[] {
  return header
    .split(',')
    .slice(0, 10)
    .map((length) => Number(length) || 0);
}
