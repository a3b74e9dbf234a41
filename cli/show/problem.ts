import type { ErrorCode, LatchkeyError } from '../../shared/domain/model/errors.ts';
import { howToRepeat, type Refusal } from '../api/client.ts';
import { EXIT, type ExitStatus } from '../exit.ts';
import type { NamedId } from '../io.ts';
import { flagOf } from '../rollout-request.ts';
import { showDifference } from './difference.ts';
import { duration } from './duration.ts';
import { joined, pad, plain } from './text.ts';

/** A refusal, with each fault and the flag or argument that caused it. */
export function showRefusal({ problem, id }: Refusal, ids: readonly NamedId[]): string[] {
  const { status, code, detail, errors, instance, requestId, vendorCode, retryAfterMs } = problem;
  const width = Math.max(0, ...errors.map(({ pointer }) => flagOf(pointer, ids).length));
  const about = joined(
    ', ',
    `HTTP ${status}${code === '' ? '' : ` ${plain(code)}`}`,
    instance && `request ${plain(instance)}`,
    vendorCode && `Alibaba Cloud: ${plain(vendorCode)}`,
    requestId && `its request ${plain(requestId)}`,
    retryAfterMs === undefined ? '' : `try again in ${duration(retryAfterMs)}`,
  );
  const isInDoubt = status >= 500 && id !== '' && code !== 'refused';
  return [
    plain(detail),
    ...errors.map(
      (fault) => `  ${pad(plain(flagOf(fault.pointer, ids)), width)}  ${plain(fault.detail)}`,
    ),
    ...showDifference(problem.document),
    `  ${about}`,
    ...(isInDoubt ? [`  ${howToRepeat(id)}`] : []),
  ];
}

export function exitStatusOf({ problem: { status, code } }: Refusal): ExitStatus {
  if (code === 'plan-changed') return EXIT.planChanged;
  if (status === 429) return EXIT.unreachable;
  // ECS refused for good (`refused` is a 502): trying again changes nothing.
  return status >= 500 && code !== 'refused' ? EXIT.unreachable : EXIT.refused;
}

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
