import type { VendorError } from '../kernel/vendor-error.ts';

/** Code to HTTP status: https://help.aliyun.com/document_detail/27300.html (error codes). */
const STATUS = {
  OTSParameterInvalid: 400,
  OTSInvalidPK: 400,
  OTSAuthFailed: 403,
  OTSQuotaExhausted: 403,
  OTSConditionCheckFail: 403,
  OTSObjectNotExist: 404,
  OTSMethodNotAllowed: 405,
  OTSObjectAlreadyExist: 409,
  OTSRequestBodyTooLarge: 413,
  /** Not in that table: our own choice for features that only the real service has. */
  OTSUnsupportOperation: 400,
} as const;

export type OtsCode = keyof typeof STATUS;

/** An error of the caller, in the vendor's words. Any other exception is a bug. */
export class OtsError extends Error {
  override readonly name = 'OtsError';
  readonly vendor: VendorError;

  constructor(code: OtsCode, message: string) {
    super(`${code}: ${message}`);
    this.vendor = { status: STATUS[code], code, message };
  }
}

export const invalid = (message: string): OtsError => new OtsError('OTSParameterInvalid', message);

/** For a feature that only the real service has. The text is our own. */
export const unsupported = (what: string): OtsError =>
  new OtsError('OTSUnsupportOperation', `Not emulated by the local cloud: ${what}.`);
