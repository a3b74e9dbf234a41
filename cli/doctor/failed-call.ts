import { LatchkeyError } from '../../shared/domain/model/errors.ts';
import { fault, type Finding } from './finding.ts';

/** The AccessKey is not valid. */
const KEY_CODES =
  /^(InvalidAccessKeyId.*|SignatureDoesNotMatch|InvalidSecurityToken.*|OTSAuthFailed|IncompleteSignature)$/;
/**
 * A permission is missing: codes of ECS (https://help.aliyun.com/document_detail/51132.html), and those that
 * `shared/outbound` lists.
 */
const PERMISSION_CODES = /^(Forbidden(\..+)?|NoPermission|AccessDenied|OTSNoPermissionAccess)$/;
const CLOCK_CODES = /^(TimeExpired|InvalidTimeStamp.*|IllegalTimestamp|OTSInvalidTimestamp)$/;

export function isPermissionMissing(vendorCode: string): boolean {
  return PERMISSION_CODES.test(vendorCode);
}

/**
 * Turns a failed call into a finding, with its cause and how to fix it.
 *
 * @throws whatever is no `LatchkeyError`: that is a bug
 */
export function failedCall(check: string, error: unknown, permission: string): Finding {
  if (!(error instanceof LatchkeyError)) throw error;
  return fault(check, error.message, mendOf(error, permission));
}

function mendOf({ code, details: { vendorCode = '' } }: LatchkeyError, permission: string): string {
  if (CLOCK_CODES.test(vendorCode)) {
    return 'set the clock of this machine: it is off by more than 15 minutes';
  }
  if (KEY_CODES.test(vendorCode)) {
    return 'use another AccessKey: ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, or a profile';
  }
  // ECS reports a missing permission as `refused`, with a code of its own.
  if (code === 'forbidden' || isPermissionMissing(vendorCode)) {
    return `grant ${permission} to whoever runs this (docs/permissions.md)`;
  }
  if (code === 'unreachable' || code === 'timeout') {
    return 'check the endpoint, the region and the network';
  }
  if (code === 'throttled') return 'run it again in a minute';
  return 'run it again; if it persists, look up the request id of the message';
}
