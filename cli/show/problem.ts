import type { Refusal } from '../api/client.ts';
import { mayBeDone } from '../api/client.ts';
import { EXIT, type ExitStatus } from '../exit.ts';
import { flagOf } from '../rollout-request.ts';
import type { NamedId } from '../targets.ts';
import { showDifference } from './difference.ts';
import { duration } from './duration.ts';
import { plain } from './text.ts';

/** A refusal field by field, with the flag or argument that each fault came from. */
export function showRefusal({ problem, id }: Refusal, ids: readonly NamedId[]): string[] {
  const { status, code, detail, errors, instance, requestId, vendorCode, retryAfterMs } = problem;
  const width = Math.max(0, ...errors.map(({ pointer }) => flagOf(pointer, ids).length));
  const faults = errors.map(
    (fault) => `  ${plain(flagOf(fault.pointer, ids)).padEnd(width)}  ${plain(fault.detail)}`,
  );
  const about = [
    `HTTP ${status}${code === '' ? '' : ` ${plain(code)}`}`,
    instance === '' ? '' : `request ${plain(instance)}`,
    vendorCode === '' ? '' : `Alibaba Cloud: ${plain(vendorCode)}`,
    requestId === '' ? '' : `its request ${plain(requestId)}`,
    retryAfterMs === undefined ? '' : `try again in ${duration(retryAfterMs)}`,
  ].filter((part) => part !== '');
  const hint = status >= 500 && id !== '' && code !== 'refused' ? [`  ${mayBeDone(id)}`] : [];
  return [
    plain(detail),
    ...faults,
    ...showDifference(problem.document),
    `  ${about.join(', ')}`,
    ...hint,
  ];
}

export function exitStatusOf({ problem: { status, code } }: Refusal): ExitStatus {
  if (code === 'plan-changed') return EXIT.planChanged;
  if (status === 429) return EXIT.unreachable;
  // `refused`: ECS understood, and asking again changes nothing.
  return status >= 500 && code !== 'refused' ? EXIT.unreachable : EXIT.refused;
}
