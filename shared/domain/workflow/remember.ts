import type { InstanceMemory } from '../model/instance.ts';
import { type Rollout, type RolloutInstance, wantedKeyPair } from '../model/rollout.ts';
import type { SkipReason } from '../model/skip-reason.ts';

/** Skipped for these reasons, an instance was never held. */
const NEVER_HELD: ReadonlySet<SkipReason> = new Set([
  'windows',
  'not-io-optimized',
  'locked',
  'busy',
  'not-found',
]);

/** What is to be remembered of each instance when the rollout gives it back. */
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
  const keyPair = wantedKeyPair(rollout, instance);
  // Detached: what is remembered says of another key pair, and does not count for any.
  if (keyPair === null) return null;
  if (attach.kind === 'attached') return { ...keyPair, atMs: attach.atMs };
  // Bound before the rollout, by somebody; since the restart it is known to work.
  const isNews = attach.kind === 'skipped' && attach.effective === 'unknown';
  if (isNews && restart.kind === 'ready') return { ...keyPair, atMs: rollout.createdAtMs };
  return null;
}
