import type { InstanceId, InstanceMemory, KeyPair, Snapshot } from '../model/instance.ts';
import { attachOptOut, type OptOutRules, restartOptOut, withheldByTag } from '../policy/opt-out.ts';
import { digestOf, firstAttach, type PlanMoment, summaryOf } from './plan.ts';
import type { Plan } from '../model/plan.ts';
import { isScalingMember, mayBeApproved, NO_RESTART } from './planned-restart.ts';
import type { Sha256 } from '../model/ports.ts';
import type { RolloutRequest } from '../model/request.ts';
import type { RestartState, Rollout, RolloutInstance } from '../model/rollout.ts';
import type { SkipReason } from '../model/skip-reason.ts';

/** The input of an undo's plan. */
export interface KnownToUndo {
  readonly snapshots: ReadonlyMap<InstanceId, Snapshot>;
  readonly memories: ReadonlyMap<InstanceId, InstanceMemory>;
  /** Previous key pairs that still exist, by name. */
  readonly keyPairs: ReadonlyMap<string, KeyPair>;
  /** Whether an instance may be left without a key pair, which turns password login on again. */
  readonly allowDetach: boolean;
  /** Why this key pair may not be bound again; undefined when it may. */
  readonly whyNotBindable: (keyPair: KeyPair) => string | undefined;
  readonly optOut: OptOutRules;
}

/** The plan's key pair is that of the undone rollout: the one that is taken away. */
export function planUndo(
  undone: Rollout,
  request: RolloutRequest,
  known: KnownToUndo,
  moment: PlanMoment,
  sha256: Sha256,
): Plan {
  const { keyPair } = undone;
  const instances = undone.instances
    .filter(({ attach }) => attach.kind === 'attached')
    .map((instance) => planOne(undone, instance, request, known, moment));
  const summary = summaryOf(request, keyPair, instances);
  return { keyPair, digest: digestOf(summary, sha256), summary, instances };
}

function planOne(
  undone: Rollout,
  before: RolloutInstance,
  request: RolloutRequest,
  known: KnownToUndo,
  { ownerUntilMs }: PlanMoment,
): RolloutInstance {
  const { instanceId, previousKeyPairName: name } = before;
  const { keyPairs, allowDetach, optOut } = known;
  const snapshot = known.snapshots.get(instanceId);
  const memory = known.memories.get(instanceId);
  const about = {
    ...before,
    previousKeyPairName: undone.keyPair.name,
    target: null,
    wave: 0,
    missingSinceMs: null,
    isScalingMember: snapshot === undefined ? before.isScalingMember : isScalingMember(snapshot),
    optOut: snapshot === undefined ? before.optOut : restartOptOut(snapshot, optOut.tags),
    withheld: '',
  } as const;
  const skip = (reason: SkipReason, detail = ''): RolloutInstance => ({
    ...about,
    attach: { kind: 'skipped', reason, detail, effective: null },
    restart: NO_RESTART,
  });
  if (snapshot === undefined) return skip('released');
  const byTag = attachOptOut(snapshot, optOut.tags);
  if (byTag !== undefined) return skip('opted-out', byTag);
  if (memory !== undefined && memory.holder !== null) return skip('busy', memory.holder);
  if (snapshot.keyPairName !== undone.keyPair.name) {
    return skip('changed', `bound to ${snapshot.keyPairName ?? 'no key pair'} since`);
  }
  if (before.attach.kind !== 'attached' || memory?.bound?.atMs !== before.attach.atMs) {
    return skip('changed', 'the key pair was bound again since');
  }
  if (snapshot.locks.length > 0) return skip('locked', snapshot.locks.join(', '));
  if (snapshot.status !== 'Running' && snapshot.status !== 'Stopped') {
    return skip('wrong-state', snapshot.status);
  }
  if (name === null && !allowDetach) {
    return skip(
      'not-undoable',
      'no key pair was bound before, and the policy does not allow a detach',
    );
  }
  const keyPair = name === null ? null : keyPairs.get(name);
  if (keyPair === undefined) return skip('not-undoable', `key pair ${name} no longer exists`);
  const refusal = keyPair === null ? undefined : known.whyNotBindable(keyPair);
  if (refusal !== undefined) return skip('not-undoable', refusal);
  const wanted = restartAgain(before.restart, snapshot);
  const withheld =
    wanted.kind === 'none' ? '' : withheldByTag(about.optOut, optOut, mayBeApproved(request));
  const restart = withheld === '' ? wanted : NO_RESTART;
  return {
    ...about,
    withheld,
    target: { keyPair },
    attach: firstAttach(request, restart, ownerUntilMs),
    restart,
  };
}

/** An instance that was never restarted still logs in with the old key, so it needs no restart. */
function restartAgain({ kind }: RestartState, { status }: Snapshot): RestartState {
  const wasRestarted = kind === 'ready' || kind === 'failed' || kind === 'unknown';
  // A Stopped instance boots with the bound key whenever it is started.
  if (!wasRestarted || status !== 'Running') return NO_RESTART;
  return { kind: 'due', how: 'reboot', attempt: 0, notBeforeMs: 0, isDown: false, reason: '' };
}
