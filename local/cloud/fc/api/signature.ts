import { createHash, createHmac } from 'node:crypto';
import { constantTimeEqual } from '../../kernel/constant-time-equal.ts';
import type { Account, Credential } from '../../kernel/account.ts';
import type { VendorError } from '../../kernel/vendor-error.ts';
import type { WireRequest } from '../../../http/wire.ts';
import { percentEncode } from '../../kernel/percent-encode.ts';
import { accessDenied, invalidAccessKeyId, MISSING_DATE, SIGNATURE_NOT_MATCH } from './errors.ts';

/** The window is not documented for Function Compute; 15 minutes is what Alibaba's APIs allow. */
const MAX_SKEW_MS = 15 * 60_000;
const ACS3 =
  /^ACS3-HMAC-SHA256\s+Credential=([^,]+),\s*SignedHeaders=([^,]+),\s*Signature=([0-9a-f]{64})$/;
const LEGACY = /^FC ([^:]+):(.+)$/;

/** The access key id of the request, not verified. */
export function claimedAccessKey({ headers }: WireRequest): string | undefined {
  const authorization = headers['authorization'] ?? '';
  return ACS3.exec(authorization)?.[1] ?? LEGACY.exec(authorization)?.[1];
}

/**
 * Checks a signed request: `ACS3-HMAC-SHA256`, or `FC <ak>:<signature>` where that is allowed.
 *
 * @param door the API signs the body's hash; an HTTP trigger signs no body
 * (https://help.aliyun.com/en/functioncompute/fc/user-guide/configure-signature-authentication-for-http-triggers)
 * @returns the error, or undefined. Nonces are not checked: a trigger's request has none.
 */
export function refusal(
  request: WireRequest,
  door: 'api' | 'trigger',
  account: Account,
  wallMs: number,
): VendorError | undefined {
  const authorization = request.headers['authorization'] ?? '';
  const acs3 = ACS3.exec(authorization);
  if (acs3 !== null) return refuseAcs3(request, door, account, wallMs, acs3);
  const legacy = LEGACY.exec(authorization);
  if (legacy !== null && door === 'api') return refuseLegacy(request, account, wallMs, legacy);
  if (authorization === '') return MISSING_DATE;
  return SIGNATURE_NOT_MATCH;
}

function refuseAcs3(
  request: WireRequest,
  door: 'api' | 'trigger',
  account: Account,
  wallMs: number,
  [, accessKeyId, signedHeaders, signature]: RegExpExecArray,
): VendorError | undefined {
  const { headers, body } = request;
  const credential = account.find(accessKeyId!);
  if (credential === undefined) return invalidAccessKeyId(accessKeyId!);
  const signed = signedHeaders!.split(';');
  // An unsigned date proves nothing.
  if (!signed.includes('x-acs-date')) return MISSING_DATE;
  const stale = outOfTime(headers['x-acs-date'], wallMs);
  if (stale !== undefined) return stale;
  const digest = headers['x-acs-content-sha256'] ?? '';
  if (door === 'api') {
    const actual = createHash('sha256').update(body).digest('hex');
    if (!signed.includes('x-acs-content-sha256') || digest !== actual) return SIGNATURE_NOT_MATCH;
  }
  const wanted = acs3Signature(credential.accessKeySecret, request, signed, door, digest);
  if (!constantTimeEqual(wanted, signature!)) return SIGNATURE_NOT_MATCH;
  return wrongToken(credential, headers['x-acs-security-token']);
}

/** Lower-case hex. @param payload the digest of the body, or nothing for a trigger */
export function acs3Signature(
  secret: string,
  { method, path, query, headers }: Pick<WireRequest, 'method' | 'path' | 'query' | 'headers'>,
  signed: readonly string[],
  door: 'api' | 'trigger',
  payload: string,
): string {
  const uri = path.replaceAll('$', '%24').replaceAll('+', '%20').replaceAll('*', '%2A');
  // A repeated name counts once, with its last value, as the documented client signs it.
  const parameters = new Map(new URLSearchParams(query.replaceAll('+', '%2B')));
  const canonical = [
    method,
    uri.replaceAll('%7E', '~'),
    [...parameters.keys()]
      .toSorted()
      .map((name) => `${name}=${percentEncode(parameters.get(name)!)}`)
      .join('&'),
    ...signed.map((name) => `${name}:${(headers[name] ?? '').trim()}`),
    '',
    signed.join(';'),
    door === 'api' ? payload : '',
  ].join('\n');
  const digest = createHash('sha256').update(canonical).digest('hex');
  return createHmac('sha256', secret).update(`ACS3-HMAC-SHA256\n${digest}`).digest('hex');
}

function refuseLegacy(
  request: WireRequest,
  account: Account,
  wallMs: number,
  [, accessKeyId, signature]: RegExpExecArray,
): VendorError | undefined {
  const { headers, body } = request;
  const credential = account.find(accessKeyId!);
  if (credential === undefined) return invalidAccessKeyId(accessKeyId!);
  if (headers['date'] === undefined) return MISSING_DATE;
  const stale = outOfTime(headers['date'], wallMs);
  if (stale !== undefined) return stale;
  const md5 = headers['content-md5'];
  // The SDK sends base64 of the hexadecimal digest.
  const actual = Buffer.from(createHash('md5').update(body).digest('hex')).toString('base64');
  if (md5 !== undefined && md5 !== actual) return SIGNATURE_NOT_MATCH;
  if (!constantTimeEqual(legacySignature(credential.accessKeySecret, request), signature!)) {
    return SIGNATURE_NOT_MATCH;
  }
  return wrongToken(credential, headers['x-fc-security-token']);
}

/** In base64. The path is signed without its query. */
export function legacySignature(
  secret: string,
  { method, path, headers }: Pick<WireRequest, 'method' | 'path' | 'headers'>,
): string {
  const own = Object.keys(headers)
    .filter((name) => name.startsWith('x-fc-'))
    .toSorted()
    .map((name) => `${name}:${headers[name]}\n`);
  const text = [
    method,
    headers['content-md5'] ?? '',
    headers['content-type'] ?? '',
    headers['date'] ?? '',
    `${own.join('')}${decodeURIComponent(path)}`,
  ].join('\n');
  return createHmac('sha256', secret).update(text).digest('base64');
}

function outOfTime(date: string | undefined, wallMs: number): VendorError | undefined {
  const sentMs = Date.parse(date ?? '');
  if (Number.isNaN(sentMs)) return MISSING_DATE;
  if (Math.abs(sentMs - wallMs) <= MAX_SKEW_MS) return undefined;
  const now = new Date(wallMs).toISOString();
  return accessDenied(
    `the difference between the request time '${date}' and the current time '${now}' is too large`,
  );
}

function wrongToken(
  { securityToken }: Credential,
  sent: string | undefined,
): VendorError | undefined {
  if (constantTimeEqual(securityToken ?? '', sent ?? '')) return undefined;
  return accessDenied('the security token does not belong to the access key ID');
}
