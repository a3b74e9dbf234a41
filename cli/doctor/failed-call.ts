import { LatchkeyError } from '../../shared/domain/errors.ts';
import { fault, type Finding } from './finding.ts';

/** Codes that mean that it is the key itself that is not taken. */
const KEY_CODES =
  /^(InvalidAccessKeyId.*|SignatureDoesNotMatch|InvalidSecurityToken.*|OTSAuthFailed|IncompleteSignature)$/;
/**
 * Codes that mean that it may not: ECS's (https://help.aliyun.com/document_detail/51132.html), and those of
 * `shared/outbound`.
 */
const RIGHTS_CODES = /^(Forbidden(\..+)?|NoPermission|AccessDenied|OTSNoPermissionAccess)$/;
export function isWantOfRights(vendorCode: string): boolean {
  return RIGHTS_CODES.test(vendorCode);
}

const CLOCK_CODES = /^(TimeExpired|InvalidTimeStamp.*|IllegalTimestamp|OTSInvalidTimestamp)$/;

/**
 * A call that failed, as a finding: whose fault it is, and what to do.
 *
 * @throws what is no `LatchkeyError`: that is a bug
 */
export function failedCall(check: string, error: unknown, permission: string): Finding {
  if (!(error instanceof LatchkeyError)) throw error;
  const { code, message, details } = error;
  const { vendorCode = '' } = details;
  if (CLOCK_CODES.test(vendorCode)) {
    return fault(check, message, 'set the clock of this machine: it is more than 15 minutes off');
  }
  if (KEY_CODES.test(vendorCode)) {
    const mend =
      'give another AccessKey: ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, or a profile';
    return fault(check, message, mend);
  }
  const grant = `grant ${permission} to whoever runs this (docs/permissions.md)`;
  // ECS refuses so whatever it refuses.
  if (isWantOfRights(vendorCode)) return fault(check, message, grant);
  switch (code) {
    case 'forbidden':
      return fault(check, message, grant);
    case 'unreachable':
    case 'timeout':
      return fault(check, message, 'check the endpoint, the region and the network');
    case 'throttled':
      return fault(check, message, 'run it again in a minute');
    case 'bad-request':
    case 'unsigned':
    case 'not-found':
    case 'method-not-allowed':
    case 'plan-changed':
    case 'conflict':
    case 'too-large':
    case 'unsupported-media-type':
    case 'not-valid':
    case 'refused':
    case 'unavailable':
      return fault(
        check,
        message,
        'run it again; if it stays so, look at the request id in the message',
      );
  }
}
