import type { InstanceView, RolloutView } from '../api/views.ts';
import { EXIT, type ExitStatus } from '../exit.ts';

/** Whether a rollout ended well. One that is not over counts as well. */
export function rolloutExitStatus(rollout: RolloutView): ExitStatus {
  const { status, results, control, approval } = rollout;
  const isRefused = approval !== null && !['waiting', 'approved'].includes(approval.state);
  const isBroken = status === 'halted' || control.kind === 'aborted' || isRefused;
  return isBroken || (status === 'done' && results.some(isBad)) ? EXIT.failed : EXIT.ok;
}

export function isBad({ state }: InstanceView): boolean {
  return state === 'failed' || state === 'unknown';
}
