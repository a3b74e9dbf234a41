import { createHash, createHmac } from 'node:crypto';
import type { Credentials } from '../credentials.ts';
import { headerLines } from '../header-lines.ts';

const API_VERSION = '2015-12-31';

/** The digest of a body, in base64. */
export function contentMd5(body: Buffer): string {
  return createHash('md5').update(body).digest('base64');
}

/** Base64 of HMAC-SHA1 over path, method and every `x-ots-` header. */
export function signatureOf(
  path: string,
  headers: Readonly<Record<string, string>>,
  accessKeySecret: string,
): string {
  const lines = headerLines(headers, 'x-ots-');
  return createHmac('sha1', accessKeySecret).update(`${path}\nPOST\n\n${lines}`).digest('base64');
}

/** The headers of a signed call. */
export function signedHeaders(
  path: string,
  body: Buffer,
  instanceName: string,
  { accessKeyId, accessKeySecret, securityToken }: Credentials,
  nowMs: number,
): Record<string, string> {
  const headers: Record<string, string> = {
    'x-ots-accesskeyid': accessKeyId,
    'x-ots-apiversion': API_VERSION,
    'x-ots-contentmd5': contentMd5(body),
    'x-ots-date': new Date(nowMs).toISOString(),
    'x-ots-instancename': instanceName,
    ...(securityToken === undefined ? {} : { 'x-ots-ststoken': securityToken }),
  };
  return { ...headers, 'x-ots-signature': signatureOf(path, headers, accessKeySecret) };
}
