import { createHmac } from 'node:crypto';
import type { Credentials } from '../credentials.ts';
import { headerLines } from '../header-lines.ts';

interface SmqRequest {
  readonly method: string;
  /** With the query. */
  readonly resource: string;
  /** Names in lower case. `date` must be among them. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * The `Authorization` header of signature version 2:
 * https://help.aliyun.com/document_detail/27487.html
 *
 * The header `security-token` is not signed.
 */
export function authorizationOf(
  { method, resource, headers }: SmqRequest,
  { accessKeyId, accessKeySecret }: Credentials,
): string {
  const text = [
    method,
    headers['content-md5'] ?? '',
    headers['content-type'] ?? '',
    headers['date'] ?? '',
    headerLines(headers, 'x-mns-') + resource,
  ].join('\n');
  return `MNS ${accessKeyId}:${createHmac('sha1', accessKeySecret).update(text).digest('base64')}`;
}
