import { type ErrorCode, LatchkeyError } from '../../domain/model/errors.ts';
import type { OtsError } from './answers.ts';

/** The one code that callers look for: the row was not as the write's condition wanted it. */
export const CONDITION_FAILED = 'OTSConditionCheckFail';

/**
 * The only place that knows Tablestore's error codes. One that is not listed is taken for
 * Tablestore's own fault. https://www.alibabacloud.com/help/en/tablestore/developer-reference/error-codes
 *
 * `throttled` stands for everything that the official SDKs repeat for any operation, writes
 * included: the operation was not begun.
 */
const CODES: Readonly<Record<string, ErrorCode>> = {
  [CONDITION_FAILED]: 'conflict',
  OTSObjectAlreadyExist: 'conflict',
  OTSAuthFailed: 'forbidden',
  OTSNoPermissionAccess: 'forbidden',
  OTSParameterInvalid: 'refused',
  OTSInvalidPK: 'refused',
  OTSMethodNotAllowed: 'refused',
  OTSUnsupportOperation: 'refused',
  /** The table: rows that do not exist are no error. */
  OTSObjectNotExist: 'refused',
  OTSQuotaExhausted: 'refused',
  OTSRequestBodyTooLarge: 'too-large',
  OTSOutOfColumnCountLimit: 'too-large',
  OTSOutOfRowSizeLimit: 'too-large',
  OTSServerBusy: 'throttled',
  OTSOperationThrottled: 'throttled',
  OTSNotEnoughCapacityUnit: 'throttled',
  OTSCapacityUnitExhausted: 'throttled',
  OTSRowOperationConflict: 'throttled',
  OTSPartitionUnavailable: 'throttled',
  OTSTableNotReady: 'throttled',
  OTSServerUnavailable: 'unavailable',
  OTSInternalServerError: 'unavailable',
  OTSRequestTimeout: 'timeout',
  OTSTimeout: 'timeout',
};

export function tablestoreError(
  operation: string,
  { code, message }: OtsError,
  requestId: string | undefined,
): LatchkeyError {
  return new LatchkeyError(
    CODES[code] ?? 'unavailable',
    `Cannot ${operation}: ${code} ${message}`,
    { vendorCode: code, ...(requestId === undefined ? {} : { requestId }) },
  );
}

export function isConditionFailure(error: unknown): boolean {
  return error instanceof LatchkeyError && error.details.vendorCode === CONDITION_FAILED;
}
