import type { Result } from '../model/messages.ts';
import { type Rollout, type RolloutInstance, targetKeyPair } from '../model/rollout.ts';

/** What is told of an instance once its attach has come to an end. */
export function resultOf(rollout: Rollout, instance: RolloutInstance): Result {
  const { attach, restart } = instance;
  return {
    rolloutId: rollout.rolloutId,
    regionId: rollout.request.regionId,
    keyPairName: targetKeyPair(rollout, instance)?.name ?? null,
    instanceId: instance.instanceId,
    outcome: outcomeOf(instance),
    next: restart.kind === 'none' ? 'none' : restart.how,
    ...(attach.kind === 'attached' ? { attachedAtMs: attach.atMs } : {}),
  };
}

function outcomeOf({ attach, previousKeyPairName }: RolloutInstance): Result['outcome'] {
  switch (attach.kind) {
    case 'attached':
      return { kind: 'attached', previousKeyPairName };
    case 'failed':
      return { kind: 'failed', code: attach.code, message: attach.message };
    case 'skipped':
      return { kind: 'skipped', reason: attach.reason };
    case 'unknown':
      return { kind: 'unknown', code: attach.code };
    case 'waiting':
      return { kind: 'waiting', reason: attach.reason, untilMs: attach.untilMs };
    case 'due':
      return { kind: 'waiting', reason: 'due' };
  }
}
