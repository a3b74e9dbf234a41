import type { Snapshot } from '../model/instance.ts';
import { type OptOutRules, restartOptOut, withheldByTag } from '../policy/opt-out.ts';
import type { RolloutRequest } from '../model/request.ts';
import type { Restart, RestartState, RolloutInstance, Withheld } from '../model/rollout.ts';

/**
 * Auto Scaling sets this tag on its members. It treats members that are not Running as unhealthy and replaces
 * them: https://www.alibabacloud.com/help/doc-detail/25911.htm
 */
const SCALING_GROUP_TAG = 'acs:autoscaling:scalingGroupId';

export const NO_RESTART: RestartState = { kind: 'none' };

/** A restart that is due at once. */
export function planned(how: Restart): RestartState {
  return { kind: 'due', how, attempt: 0, notBeforeMs: 0, isDown: false, reason: '' };
}

/** The restart that makes the key effective, by the instance's state. */
export function restartFor(
  snapshot: Pick<Snapshot, 'status'>,
  request: Pick<RolloutRequest, 'restart' | 'startStopped'>,
): RestartState {
  if (request.restart === 'never') return NO_RESTART;
  if (snapshot.status !== 'Stopped') return planned('reboot');
  return request.startStopped ? planned('start') : NO_RESTART;
}

export function isScalingMember({ tags }: Pick<Snapshot, 'tags'>): boolean {
  return tags[SCALING_GROUP_TAG] !== undefined;
}

/** The restart that the request asks for, or none and the reason. */
export function restartUnlessWithheld(
  snapshot: Snapshot,
  request: RolloutRequest,
  optOut: OptOutRules,
  nowMs: number,
): Pick<RolloutInstance, 'restart' | 'withheld'> {
  const restart = restartFor(snapshot, request);
  if (restart.kind === 'none') return { restart, withheld: '' };
  const withheld =
    withheldByTag(restartOptOut(snapshot, optOut.tags), optOut, mayBeApproved(request)) ||
    withheldAtLaunch(snapshot, request, nowMs);
  return withheld === '' ? { restart, withheld } : { restart: NO_RESTART, withheld };
}

/** Whether the request can wait for an approval at all. */
export function mayBeApproved({ launch, breakGlass }: RolloutRequest): boolean {
  return launch === null && breakGlass === null;
}

/** An older instance may serve already. One whose age ECS does not tell counts as old. */
function withheldAtLaunch(
  snapshot: Snapshot,
  { launch }: Pick<RolloutRequest, 'launch'>,
  nowMs: number,
): Withheld {
  if (launch === null) return '';
  const { createdAtMs } = snapshot;
  if (isScalingMember(snapshot) && !launch.restartScalingMembers) return 'scaling-member';
  const isYoung =
    createdAtMs !== null && nowMs - createdAtMs < launch.restartYoungerThanSeconds * 1_000;
  return isYoung ? '' : 'too-old';
}
