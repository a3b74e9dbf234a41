import type { ErrorCode, LatchkeyError } from '../../shared/domain/model/errors.ts';
import { EXIT, type ExitStatus } from '../exit.ts';
import { joined, plain } from './text.ts';

/** An error of a cloud API that this command called itself. */
export function showCloudError({ message, details }: LatchkeyError): string[] {
  const { requestId, vendorCode } = details;
  const about = joined(
    ', ',
    vendorCode && `Alibaba Cloud: ${plain(vendorCode)}`,
    requestId && `its request ${plain(requestId)}`,
  );
  return [plain(message), ...(about === '' ? [] : [`  ${about}`])];
}

const TEMPORARY: ReadonlySet<ErrorCode> = new Set([
  'unreachable',
  'unavailable',
  'timeout',
  'throttled',
]);

export function cloudExitStatus({ code }: LatchkeyError): ExitStatus {
  return TEMPORARY.has(code) ? EXIT.unreachable : EXIT.refused;
}
