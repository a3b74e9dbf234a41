import type { WireReply } from '../../../http/wire.ts';

/** Headers that a function may not set. They are dropped. */
const RESERVED = new Set([
  'connection',
  'content-length',
  'content-disposition',
  'date',
  'keep-alive',
  'server',
  'transfer-encoding',
  'upgrade',
]);
/** Names and values together, same page. */
const MAX_HEADER_BYTES = 8 * 1024;

/**
 * Turns a function's answer into the HTTP reply. The answer must be the complete reply struct. What the real
 * trigger does with anything else is not documented, so it is refused.
 *
 * @returns a text that says why, when it is refused
 */
export function httpReply(body: Buffer, requestId: string): WireReply | string {
  const answer = parse(body);
  if (answer === undefined) return 'the function did not return an object';
  const { statusCode, headers = {}, isBase64Encoded = false, body: content = '' } = answer;
  if (!Number.isInteger(statusCode) || Number(statusCode) < 200 || Number(statusCode) > 599) {
    return '"statusCode" must be a whole number from 200 to 599';
  }
  if (typeof isBase64Encoded !== 'boolean') return '"isBase64Encoded" must be true or false';
  if (typeof content !== 'string') return '"body" must be a string';
  if (typeof headers !== 'object' || headers === null || Array.isArray(headers)) {
    return '"headers" must be an object';
  }
  const own: Record<string, string> = {};
  let bytes = 0;
  for (const [name, value] of Object.entries(headers) as [string, unknown][]) {
    if (typeof value !== 'string') return `header "${name}" must be a string`;
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name) || !/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) {
      return `header "${name}" is not valid`;
    }
    bytes += name.length + value.length;
    const lower = name.toLowerCase();
    if (!RESERVED.has(lower) && !lower.startsWith('x-fc-')) own[lower] = value;
  }
  if (bytes > MAX_HEADER_BYTES) return `the headers are larger than ${MAX_HEADER_BYTES} bytes`;
  return {
    status: Number(statusCode),
    headers: {
      'content-type': 'application/json',
      ...own,
      // The default domain makes every answer a download. A custom domain does not.
      'content-disposition': 'attachment',
      'x-fc-request-id': requestId,
    },
    body: Buffer.from(content, isBase64Encoded ? 'base64' : 'utf8'),
  };
}

function parse(body: Buffer): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(body.toString('utf8')) as unknown;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    return value as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
