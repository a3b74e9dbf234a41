import type { InstanceMemory } from '../model/instance.ts';
import { type Rollout, type RolloutInstance, targetKeyPair } from '../model/rollout.ts';
import type { SkipReason } from '../model/skip-reason.ts';

/** An instance that was skipped for one of these reasons was never held. */
const NEVER_HELD: ReadonlySet<SkipReason> = new Set([
  'windows',
  'not-io-optimized',
  'locked',
  'busy',
  'not-found',
]);

/** The memory of each instance when the rollout releases it. */
export function memoriesOf(rollout: Rollout): InstanceMemory[] {
  return rollout.instances
    .filter(({ attach }) => attach.kind !== 'skipped' || !NEVER_HELD.has(attach.reason))
    .map((instance) => ({
      instanceId: instance.instanceId,
      holder: null,
      bound: boundBy(rollout, instance),
      readyAtMs: instance.restart.kind === 'ready' ? instance.restart.atMs : null,
      previousKeyPairName:
        instance.attach.kind === 'attached' ? instance.previousKeyPairName : null,
      doubtAtMs: instance.restart.kind === 'unknown' ? instance.restart.atMs : null,
      notRunningAtMs: null,
      launch: null,
    }));
}

function boundBy(rollout: Rollout, instance: RolloutInstance): InstanceMemory['bound'] {
  const { attach, restart } = instance;
  const keyPair = targetKeyPair(rollout, instance);
  // Detached: the old memory is about another key pair and counts for none.
  if (keyPair === null) return null;
  if (attach.kind === 'attached') return { ...keyPair, atMs: attach.atMs };
  // Bound before the rollout by somebody else. Since this restart it is known to be effective.
  const isNews = attach.kind === 'skipped' && attach.effective === 'unknown';
  if (isNews && restart.kind === 'ready') return { ...keyPair, atMs: rollout.createdAtMs };
  return null;
}
