import { type Answer, type AskPorts, repeated, start } from './ask.ts';
import type { Invocation } from './carry-out.ts';
import { LatchkeyError } from './errors.ts';
import type { InstanceId, InstanceMemory, KeyPair, Snapshot } from './instance.ts';
import { describeAll } from './look-up.ts';
import { digestOf, firstAttach, type Plan, type PlanMoment, summaryOf } from './plan.ts';
import type { Sha256 } from './ports.ts';
import type { Origin, RolloutRequest } from './request.ts';
import { rolloutIdOf } from './rollout-id.ts';
import type { RestartState, Rollout, RolloutInstance, SkipReason } from './rollout.ts';

export interface UndoOptions {
  readonly dryRun: boolean;
  /** Whether an instance may be left without a key pair: that turns password login back on. */
  readonly allowDetach: boolean;
}

/**
 * A new rollout that binds each instance's previous key pair again: only those that the undone one
 * changed and that nobody changed since. It goes in the same waves, and restarts only what the undone
 * one restarted, or may have.
 *
 * @throws {LatchkeyError} as `ask`; `not-found` for a rollout that does not exist, `conflict` for one
 * that is not over, and for one without anything to take back
 */
export async function undo(
  undoneId: string,
  origin: Origin,
  options: UndoOptions,
  ports: AskPorts,
  invocation: Invocation,
): Promise<Answer> {
  const rolloutId = rolloutIdOf(origin, ports.sha256);
  if (!options.dryRun) {
    const earlier = await ports.rollouts.load(rolloutId);
    if (earlier !== undefined) return repeated(earlier, origin);
  }
  const undone = await ports.rollouts.load(undoneId);
  const refuse = (code: 'not-found' | 'conflict', why: string) =>
    new LatchkeyError(code, `Cannot undo rollout "${undoneId}": ${why}`);
  if (undone === undefined) throw refuse('not-found', 'no such rollout');
  if (undone.phase !== 'done') throw refuse('conflict', 'it is not over, abort it first');
  const ids = changedIds(undone);
  if (ids.length === 0) throw refuse('conflict', 'it changed no instance');
  const previous = [...new Set(undone.instances.map((one) => one.previousKeyPairName))];
  const [snapshots, memories, ...found] = await Promise.all([
    describeAll(ports.ecs, ids),
    ports.memories.recall(ids),
    ...previous.map((name) => (name === null ? undefined : ports.ecs.findKeyPair(name))),
  ]);
  const keyPairs = new Map(found.flatMap((one) => (one === undefined ? [] : [[one.name, one]])));
  const request: RolloutRequest = {
    ...undone.request,
    instanceIds: ids,
    approveWithinSeconds: null,
    expectedPlanDigest: null,
    dryRun: options.dryRun,
    undoes: undoneId,
    selector: null,
    breakGlass: null,
    launch: null,
    note: `undo of ${undoneId}`,
  };
  const moment = { nowMs: ports.clock.nowMs(), ownerUntilMs: invocation.ownerUntilMs };
  const known = { snapshots, memories, keyPairs, allowDetach: options.allowDetach };
  const plan = planUndo(undone, request, known, moment, ports.sha256);
  return start(rolloutId, request, origin, plan, ports, invocation);
}

function changedIds({ instances }: Rollout): InstanceId[] {
  return instances
    .filter(({ attach }) => attach.kind === 'attached')
    .map(({ instanceId }) => instanceId);
}

interface Known {
  readonly snapshots: ReadonlyMap<InstanceId, Snapshot>;
  readonly memories: ReadonlyMap<InstanceId, InstanceMemory>;
  /** Previous key pairs that still exist, by name. */
  readonly keyPairs: ReadonlyMap<string, KeyPair>;
  readonly allowDetach: boolean;
}

/** The undone rollout's key pair is the plan's: it is what is taken away. */
export function planUndo(
  undone: Rollout,
  request: RolloutRequest,
  known: Known,
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
  { snapshots, memories, keyPairs, allowDetach }: Known,
  { ownerUntilMs }: PlanMoment,
): RolloutInstance {
  const { instanceId, previousKeyPairName: name } = before;
  const about = {
    ...before,
    previousKeyPairName: undone.keyPair.name,
    target: null,
    wave: 0,
    missingSinceMs: null,
    withheld: '',
  } as const;
  const skip = (reason: SkipReason, detail = ''): RolloutInstance => ({
    ...about,
    attach: { kind: 'skipped', reason, detail, effective: null },
    restart: { kind: 'none' },
  });
  const snapshot = snapshots.get(instanceId);
  const memory = memories.get(instanceId);
  if (snapshot === undefined) return skip('released');
  if (memory !== undefined && memory.holder !== null) return skip('busy', memory.holder);
  if (snapshot.keyPairName !== undone.keyPair.name) {
    return skip('changed', `bound to ${snapshot.keyPairName ?? 'no key pair'} since`);
  }
  if (before.attach.kind !== 'attached' || memory?.bound?.atMs !== before.attach.atMs) {
    return skip('changed', 'bound again since');
  }
  if (snapshot.locks.length > 0) return skip('locked', snapshot.locks.join(', '));
  if (snapshot.status !== 'Running' && snapshot.status !== 'Stopped') {
    return skip('wrong-state', snapshot.status);
  }
  if (name === null && !allowDetach) {
    return skip(
      'not-undoable',
      'nothing was bound before, and the policy lets nothing be detached',
    );
  }
  const keyPair = name === null ? null : keyPairs.get(name);
  if (keyPair === undefined) return skip('not-undoable', `key pair ${name} exists no more`);
  const restart = restartAgain(before.restart, snapshot);
  return {
    ...about,
    target: { keyPair },
    attach: firstAttach(request, restart, ownerUntilMs),
    restart,
  };
}

/** What was never restarted still logs in with the old key: it needs no restart. */
function restartAgain({ kind }: RestartState, { status }: Snapshot): RestartState {
  const wasRestarted = kind === 'ready' || kind === 'failed' || kind === 'unknown';
  // A Stopped one boots with what is bound whenever it is started.
  if (!wasRestarted || status !== 'Running') return { kind: 'none' };
  return { kind: 'due', how: 'reboot', attempt: 0, notBeforeMs: 0, isDown: false, reason: '' };
}
