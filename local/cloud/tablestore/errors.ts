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
  /** Our own choice, not in that table: what exists in the real service and not in this one. */
  OTSUnsupportOperation: 400,
} as const;

export type OtsCode = keyof typeof STATUS;

/** What the caller did wrong, in the vendor's words. Anything else that is thrown is a bug. */
export class OtsError extends Error {
  override readonly name = 'OtsError';
  readonly vendor: VendorError;

  constructor(code: OtsCode, message: string) {
    super(`${code}: ${message}`);
    this.vendor = { status: STATUS[code], code, message };
  }
}

export const invalid = (message: string): OtsError => new OtsError('OTSParameterInvalid', message);

/** The words are our own: the real service has the feature, the local cloud has not. */
export const unsupported = (what: string): OtsError =>
  new OtsError('OTSUnsupportOperation', `Not emulated by the local cloud: ${what}.`);
