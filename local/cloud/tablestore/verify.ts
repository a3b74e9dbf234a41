import { constantTimeEqual } from '../kernel/constant-time-equal.ts';
import type { Credential } from '../kernel/account.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { WireRequest } from '../../http/wire.ts';
import { invalid, OtsError } from './errors.ts';
import { MAX_BODY_BYTES, MAX_CLOCK_SKEW_MS } from './limits.ts';
import { contentMd5, requestSignature } from './signature.ts';

const API_VERSION = '2015-12-31';
const REQUIRED = [
  'x-ots-date',
  'x-ots-apiversion',
  'x-ots-accesskeyid',
  'x-ots-instancename',
  'x-ots-contentmd5',
  'x-ots-signature',
];
const ISO_8601_UTC = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z$/;

/**
 * Verifies the signature and returns the credential of the caller. The order of the checks is not documented:
 * our own choice.
 *
 * @throws {OtsError} for anything that the real service would refuse before it reads the body
 */
export function verify(kernel: Kernel, request: WireRequest): Credential {
  if (request.method !== 'POST') {
    throw new OtsError('OTSMethodNotAllowed', 'Only POST method for requests is supported.');
  }
  if (request.body.length > MAX_BODY_BYTES) {
    throw new OtsError('OTSRequestBodyTooLarge', 'The size of POST data is too large.');
  }
  const { headers } = request;
  for (const name of REQUIRED) {
    if ((headers[name] ?? '') === '') throw invalid(`Missing header: '${name}'.`);
  }
  if (headers['x-ots-apiversion'] !== API_VERSION) {
    throw invalid(`Invalid API version: '${headers['x-ots-apiversion']}'.`);
  }
  const date = headers['x-ots-date']!;
  const dateMs = ISO_8601_UTC.test(date) ? Date.parse(date) : Number.NaN;
  if (Number.isNaN(dateMs)) throw invalid(`Invalid date format: ${date}.`);

  const credential = kernel.account.find(headers['x-ots-accesskeyid']!);
  if (credential === undefined) throw refused('The AccessKeyID does not exist.');
  const signature = requestSignature(credential.accessKeySecret, request.path, headers);
  if (!constantTimeEqual(signature, headers['x-ots-signature']!))
    throw refused('Signature mismatch.');
  if ((headers['x-ots-ststoken'] ?? '') !== (credential.securityToken ?? '')) {
    // The real text is not documented.
    throw refused('The security token is not valid for the AccessKeyID.');
  }
  if (Math.abs(kernel.wallMs() - dateMs) > MAX_CLOCK_SKEW_MS) {
    throw refused(`Mismatch between system time and x-ots-date: ${date}.`);
  }
  if (headers['x-ots-contentmd5'] !== contentMd5(request.body)) {
    throw refused('Mismatch between MD5 value of request body and x-ots-contentmd5 in header.');
  }
  return credential;
}

const refused = (message: string): OtsError => new OtsError('OTSAuthFailed', message);
