import { createHash, createHmac } from 'node:crypto';
import { constantTimeEqual } from '../kernel/constant-time-equal.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { WireRequest } from '../../http/wire.ts';
import { smqError } from './errors.ts';
import { MAX_SKEW_MS } from './limits.ts';

const AUTHORIZATION = /^MNS ([^:\s]+):(\S+)$/;
const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/** The access key id of the request, not verified. */
export function claimedKey(request: WireRequest): string | undefined {
  return AUTHORIZATION.exec(request.headers['authorization'] ?? '')?.[1];
}

/**
 * What signature version 2 signs: https://help.aliyun.com/document_detail/27487.html. The security token is not
 * signed. Of the body only the MD5 is.
 */
export function stringToSign(request: WireRequest): string {
  const { method, path, query, headers } = request;
  const vendorHeaders = Object.keys(headers)
    .filter((name) => name.startsWith('x-mns-'))
    .toSorted()
    .map((name) => `${name}:${headers[name]}\n`)
    .join('');
  const first = [
    method,
    headers['content-md5'] ?? '',
    headers['content-type'] ?? '',
    dateOf(request) ?? '',
  ];
  return `${first.join('\n')}\n${vendorHeaders}${path}${query === '' ? '' : `?${query}`}`;
}

export function signatureOf(secret: string, text: string): string {
  return createHmac('sha1', secret).update(text).digest('base64');
}

/**
 * Verifies the signature and the date of the request.
 *
 * @throws {SmqError} for the first check that fails
 */
export function authenticate(kernel: Kernel, request: WireRequest): void {
  const { headers } = request;
  if (headers['authorization'] === undefined) throw smqError('MissingAuthorizationHeader');
  const [, accessKeyId, signature] = AUTHORIZATION.exec(headers['authorization']) ?? [];
  if (accessKeyId === undefined || signature === undefined) {
    throw smqError('InvalidAuthorizationHeader');
  }
  if (headers['x-mns-version'] === undefined) throw smqError('MissingVersionHeader');
  const date = dateOf(request);
  if (date === undefined) throw smqError('MissingDateHeader');
  const signedAtMs = HTTP_DATE.test(date) ? Date.parse(date) : NaN;
  if (Number.isNaN(signedAtMs)) throw smqError('InvalidDateHeader');
  if (Math.abs(kernel.wallMs() - signedAtMs) > MAX_SKEW_MS) throw smqError('TimeExpired');

  const credential = kernel.account.find(accessKeyId);
  if (credential === undefined) throw smqError('InvalidAccessKeyId');
  const expected = signatureOf(credential.accessKeySecret, stringToSign(request));
  if (!constantTimeEqual(signature, expected)) throw smqError('SignatureDoesNotMatch');
  // Which code a wrong or missing token gets is not documented.
  const token = headers['security-token'] ?? '';
  if (!constantTimeEqual(token, credential.securityToken ?? '')) throw smqError('AccessDenied');
  checkMd5(request);
}

/** `x-mns-date` replaces `Date`, which callers of fetch cannot set. */
function dateOf({ headers }: WireRequest): string | undefined {
  return headers['x-mns-date'] ?? headers['date'];
}

/** Base64 of the hexadecimal digest, not of its bytes, as in the SDKs for Go, Python and Node. */
function checkMd5({ headers, body }: WireRequest): void {
  const sent = headers['content-md5'];
  if (sent === undefined) return;
  const hex = createHash('md5').update(body).digest('hex');
  if (sent !== Buffer.from(hex).toString('base64')) throw smqError('InvalidDegist');
}
