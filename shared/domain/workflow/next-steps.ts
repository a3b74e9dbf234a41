import type { Wish } from '../model/command.ts';
import type { Rollout } from '../model/rollout.ts';
import { refusalOf } from './control.ts';

/** Something that a person can do now, and that would be accepted. */
export interface NextStep {
  /** What it is good for. */
  readonly to: string;
  /** `go` takes back the stop of everything. */
  readonly wish: Wish | { readonly kind: 'go' };
}

/** What a person can do, where a person has to do something. */
export function nextStepsOf(rollout: Rollout): NextStep[] {
  const steps = wishesFor(rollout).filter(({ wish }) => refusalOf(rollout, wish) === undefined);
  if (rollout.waitingFor !== 'stopped') return steps;
  return [{ to: 'let every rollout go on', wish: { kind: 'go' } }, ...steps];
}

function wishesFor(rollout: Rollout): (NextStep & { readonly wish: Wish })[] {
  const { control, approval, planDigest } = rollout;
  const steps: (NextStep & { readonly wish: Wish })[] = [];
  if (approval?.state === 'waiting') {
    steps.push(
      { to: 'begin', wish: { kind: 'approve', planDigest } },
      { to: 'do nothing', wish: { kind: 'deny' } },
    );
  }
  const unsettled = rollout.instances
    .filter(({ restart }) => restart.kind === 'failed' || restart.kind === 'unknown')
    .map(({ instanceId }) => instanceId);
  if (unsettled.length > 0) {
    steps.push(
      {
        to: 'restart these once more',
        wish: { kind: 'resolve', as: 'retry', instanceIds: unsettled },
      },
      {
        to: 'leave these as they are',
        wish: { kind: 'resolve', as: 'skip', instanceIds: unsettled },
      },
    );
  }
  if (control.kind === 'paused' || control.kind === 'halted') {
    steps.push(
      { to: 'go on, with a fresh budget of failures', wish: { kind: 'resume' } },
      { to: 'restart no other', wish: { kind: 'abort' } },
    );
  }
  return steps;
}
