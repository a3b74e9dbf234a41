import { LatchkeyError } from '../../shared/domain/model/errors.ts';

/** The result of one check. */
export interface Finding {
  readonly check: string;
  readonly state: 'ok' | 'fault' | 'skipped';
  readonly detail: string;
  /** How to fix it, as a command where there is one; '' for nothing to do. */
  readonly mend: string;
}

export function ok(check: string, detail = ''): Finding {
  return { check, state: 'ok', detail, mend: '' };
}

export function fault(check: string, detail: string, mend: string): Finding {
  return { check, state: 'fault', detail, mend };
}

/** The check could not be done. No fault is known. */
export function skipped(check: string, detail: string, mend = ''): Finding {
  return { check, state: 'skipped', detail, mend };
}

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
 * Makes calls for a check. A failure becomes a finding, with its cause and how to fix it.
 *
 * @throws whatever is no `LatchkeyError`: that is a bug
 */
export async function withCalls(
  check: string,
  permission: string,
  calls: () => Promise<Finding[]>,
): Promise<Finding[]> {
  try {
    return await calls();
  } catch (error) {
    if (!(error instanceof LatchkeyError)) throw error;
    return [fault(check, error.message, mendOf(error, permission))];
  }
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
