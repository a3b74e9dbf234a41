import { refusalOf } from './control.ts';
import type { Wish } from '../model/command.ts';
import type { Rollout } from '../model/rollout.ts';

/** A request that would be accepted now. */
export interface NextCall {
  /** What it is good for. */
  readonly to: string;
  readonly method: 'POST';
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** What a person can do, where a person has to do something. */
export function nextCallsOf(rollout: Rollout): NextCall[] {
  const calls = wanted(rollout)
    .filter(([, command]) => refusalOf(rollout, command) === undefined)
    .map(([to, command]) => callOf(rollout, to, command));
  if (rollout.waitingFor !== 'stopped') return calls;
  const to = 'let every rollout go on';
  return [{ to, method: 'POST', path: '/go', body: { action: 'go' } }, ...calls];
}

function wanted(rollout: Rollout): [to: string, wish: Wish][] {
  const { control, approval, planDigest } = rollout;
  const wanted: [string, Wish][] = [];
  if (approval?.state === 'waiting') {
    wanted.push(['begin', { kind: 'approve', planDigest }], ['do nothing', { kind: 'deny' }]);
  }
  const unsettled = rollout.instances
    .filter(({ restart }) => restart.kind === 'failed' || restart.kind === 'unknown')
    .map(({ instanceId }) => instanceId);
  if (unsettled.length > 0) {
    wanted.push(
      ['restart these once more', { kind: 'resolve', as: 'retry', instanceIds: unsettled }],
      ['leave these as they are', { kind: 'resolve', as: 'skip', instanceIds: unsettled }],
    );
  }
  if (control.kind === 'paused' || control.kind === 'halted') {
    wanted.push(
      ['go on, with a fresh budget of failures', { kind: 'resume' }],
      ['restart no other', { kind: 'abort' }],
    );
  }
  return wanted;
}

function callOf({ rolloutId }: Rollout, to: string, wish: Wish): NextCall {
  const { kind: action, ...fields } = wish;
  const path = `/rollouts/${rolloutId}/${action}`;
  return { to, method: 'POST', path, body: { rolloutId, action, ...fields } };
}
