import { type ErrorCode, LatchkeyError } from '../../domain/model/errors.ts';
import type { OtsError } from './answers.ts';

/** The condition of a write did not hold. */
const CONDITION_FAILED = 'OTSConditionCheckFail';

/**
 * The only translation of Tablestore's error codes. A code that is not listed counts as `unavailable`.
 * https://www.alibabacloud.com/help/en/tablestore/developer-reference/error-codes
 *
 * `throttled` covers every code after which the official SDKs repeat any operation, writes included: the
 * operation has not begun.
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
  /** No such table. A row that does not exist is no error. */
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
  requestId?: string,
): LatchkeyError {
  return new LatchkeyError(
    CODES[code] ?? 'unavailable',
    `Cannot ${operation}: ${code} ${message}`,
    { vendorCode: code, ...(requestId === undefined ? {} : { requestId }) },
  );
}

export function isConditionFailure(error: unknown): error is LatchkeyError {
  return error instanceof LatchkeyError && error.details.vendorCode === CONDITION_FAILED;
}

/** Whether the write may have taken effect, in this try or in an earlier one. */
export function mayBeWritten(error: unknown): error is LatchkeyError {
  return (
    isConditionFailure(error) ||
    (error instanceof LatchkeyError && error.traits.certainty === 'maybe-done')
  );
}
