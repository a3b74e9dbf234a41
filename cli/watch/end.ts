import type { InstanceView, RolloutView } from '../api/views.ts';
import { EXIT, type ExitStatus } from '../exit.ts';

/** Whether a rollout ended well. One that is not over yet did not end badly. */
export function endOf({ status, results, control, approval }: RolloutView): ExitStatus {
  const isRefused = approval !== null && !['waiting', 'approved'].includes(approval.state);
  const isBroken = status === 'halted' || control.kind === 'aborted' || isRefused;
  if (isBroken) return EXIT.failed;
  return status === 'done' && results.some(isBad) ? EXIT.failed : EXIT.ok;
}

export function isBad({ state }: InstanceView): boolean {
  return state === 'failed' || state === 'unknown';
}
