import { createHash, createHmac } from 'node:crypto';

/** `name:value` of every `x-ots-` header except the signature, sorted by name, one per line. */
function canonicalHeaders(headers: Readonly<Record<string, string>>): string {
  return Object.keys(headers)
    .filter((name) => name.startsWith('x-ots-') && name !== 'x-ots-signature')
    .toSorted()
    .map((name) => `${name}:${headers[name]!.trim()}`)
    .join('\n');
}

const hmac = (secret: string, text: string): string =>
  createHmac('sha1', secret).update(text).digest('base64');

/** The value of `x-ots-signature`. Header names must be in lower case. */
export function requestSignature(
  secret: string,
  path: string,
  headers: Readonly<Record<string, string>>,
): string {
  return hmac(secret, `${path}\nPOST\n\n${canonicalHeaders(headers)}\n`);
}

/** The signature in the answer's `authorization`; the path is the request's. */
export function responseSignature(
  secret: string,
  path: string,
  headers: Readonly<Record<string, string>>,
): string {
  return hmac(secret, `${canonicalHeaders(headers)}\n${path}`);
}

export const contentMd5 = (body: Uint8Array): string =>
  createHash('md5').update(body).digest('base64');
