import { createHash } from 'node:crypto';
import { constantTimeEqual } from '../../kernel/constant-time-equal.ts';
import type { Credential } from '../../kernel/account.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { refuse } from '../errors.ts';
import type { RpcRequest } from '../requests/rpc-request.ts';
import { ACS3_ALGORITHM, acs3Signature, acs3StringToSign, parseAcs3 } from './acs3.ts';
import { hmacSha1Signature, hmacSha1StringToSign } from './hmac-sha1.ts';
import type { Nonces } from './nonces.ts';

/** A timestamp further than 15 minutes from now gets `InvalidTimeStamp.Expired`. */
const WINDOW_MS = 15 * 60_000;

/** The unverified content of a signature of either version. */
interface Claim {
  readonly accessKeyId: string;
  readonly timestamp: string;
  readonly nonce: string;
  readonly securityToken: string | undefined;
  readonly stringToSign: string;
  readonly given: string;
  readonly sign: (stringToSign: string, secret: string) => string;
}

/** The access key id of the request, not verified. */
export function claimedAccessKey(request: RpcRequest): string | undefined {
  const authorization = request.wire.headers['authorization'];
  if (authorization !== undefined) return parseAcs3(authorization)?.accessKeyId;
  return request.all.get('AccessKeyId');
}

/**
 * Verifies the signature and returns the credential of the caller. A refused request leaves its nonce unused,
 * so that a third party cannot use up a caller's nonce.
 *
 * @throws {EcsError} for a wrong signature, an expired timestamp, or a nonce that was used before
 */
export function authenticate(kernel: Kernel, nonces: Nonces, request: RpcRequest): Credential {
  const claim =
    request.wire.headers['authorization'] === undefined
      ? hmacSha1Claim(request)
      : acs3Claim(request);
  const credential = kernel.account.find(claim.accessKeyId);
  if (credential === undefined) return refuse('InvalidAccessKeyId.NotFound');
  const atMs = instant(claim.timestamp);
  const nowMs = kernel.wallMs();
  if (Math.abs(nowMs - atMs) > WINDOW_MS) return refuse('InvalidTimeStamp.Expired');
  checkToken(credential, claim.securityToken);
  if (!constantTimeEqual(claim.sign(claim.stringToSign, credential.accessKeySecret), claim.given)) {
    return refuse('SignatureDoesNotMatch', claim.stringToSign);
  }
  if (!nonces.use(claim.accessKeyId, claim.nonce, atMs + WINDOW_MS, nowMs)) {
    return refuse('SignatureNonceUsed');
  }
  return credential;
}

function acs3Claim({ wire, query }: RpcRequest): Claim {
  const { headers } = wire;
  const authorization = parseAcs3(headers['authorization'] ?? '');
  if (authorization === undefined) return refuse('IncompleteSignature');
  if (authorization.algorithm !== ACS3_ALGORITHM) return refuse('InvalidSignatureMethod');
  const { signedHeaders, accessKeyId, signature } = authorization;
  // An unsigned header could be altered on the way, so all of these must be signed.
  const signed = new Set(signedHeaders);
  for (const name of Object.keys(headers)) {
    const matters = name.startsWith('x-acs-') || name === 'host' || name === 'content-type';
    if (matters && !signed.has(name)) refuse('IncompleteSignature');
  }
  const bodySha256 = createHash('sha256').update(wire.body).digest('hex');
  const stringToSign = acs3StringToSign({ ...wire, query, headers, signedHeaders, bodySha256 });
  if (headers['x-acs-content-sha256'] !== bodySha256) {
    return refuse('SignatureDoesNotMatch', stringToSign);
  }
  return {
    accessKeyId,
    timestamp: headers['x-acs-date'] ?? refuse('MissingParameter', 'x-acs-date'),
    nonce: headers['x-acs-signature-nonce'] || refuse('MissingParameter', 'x-acs-signature-nonce'),
    securityToken: headers['x-acs-security-token'],
    stringToSign,
    given: signature,
    sign: acs3Signature,
  };
}

function hmacSha1Claim({ wire, query, form, all }: RpcRequest): Claim {
  const need = (name: string): string => all.get(name) || refuse('MissingParameter', name);
  if (!all.has('AccessKeyId')) return refuse('MissingAccessKeyId');
  if (need('SignatureMethod') !== 'HMAC-SHA1') return refuse('InvalidSignatureMethod');
  if (need('SignatureVersion') !== '1.0') return refuse('InvalidParameter', 'SignatureVersion');
  // This version does not sign the header `x-acs-action`, so the parameter is needed.
  need('Action');
  return {
    accessKeyId: need('AccessKeyId'),
    timestamp: need('Timestamp'),
    nonce: need('SignatureNonce'),
    securityToken: all.get('SecurityToken'),
    stringToSign: hmacSha1StringToSign(wire.method, [...query, ...form]),
    given: need('Signature'),
    sign: hmacSha1Signature,
  };
}

function instant(timestamp: string): number {
  const atMs = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(timestamp) ? Date.parse(timestamp) : NaN;
  return Number.isNaN(atMs) ? refuse('InvalidTimeStamp.Format') : atMs;
}

function checkToken(credential: Credential, given: string | undefined): void {
  const { securityToken } = credential;
  if (securityToken === undefined) {
    if (given !== undefined) refuse('InvalidSecurityToken.MismatchWithAccessKey');
    return;
  }
  if (given === undefined || given === '') refuse('MissingSecurityToken');
  if (!constantTimeEqual(securityToken, given))
    refuse('InvalidSecurityToken.MismatchWithAccessKey');
}
