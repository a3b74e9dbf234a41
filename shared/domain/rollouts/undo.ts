import type { Answer, AskPorts } from './ask-ports.ts';
import type { Invocation } from './carry-out.ts';
import { LatchkeyError } from '../model/errors.ts';
import { planUndone } from './plan-asked.ts';
import type { ClientRule } from '../model/policy.ts';
import type { Origin, RolloutRequest } from '../model/request.ts';
import { rolloutIdOf } from './rollout-id.ts';
import type { Rollout } from '../model/rollout.ts';
import { repeated, start } from './start.ts';

export interface UndoOptions {
  readonly dryRun: boolean;
  /** The reason to bypass window, freezes and approval; null for an ordinary undo. */
  readonly breakGlass: string | null;
  /** Whose limits apply; null: none. */
  readonly client: ClientRule | null;
}

/**
 * Begins a new rollout that binds each instance's previous key pair again: only instances that the undone
 * rollout changed and that nobody changed since. It uses the same waves, and restarts only what the undone
 * rollout restarted or may have restarted. It is checked like a new request: the client's limits, the current
 * policy and the instances' own tags.
 *
 * @throws {LatchkeyError} as `ask`; `not-found` for a rollout that does not exist; `conflict` for a rollout
 * that is not over, and for one that changed nothing
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
  const undone = undoable(undoneId, await ports.rollouts.load(undoneId));
  const request = requestFor(undone, options);
  const { client } = options;
  const planned = await planUndone(undone, { request, origin, client }, ports, invocation);
  return start({ rolloutId, origin, client, ...planned }, ports, invocation);
}

/** @throws {LatchkeyError} when there is nothing to undo, or not yet */
export function undoable(undoneId: string, undone: Rollout | undefined): Rollout {
  const cannot = (code: 'not-found' | 'conflict', why: string) =>
    new LatchkeyError(code, `Cannot undo rollout "${undoneId}": ${why}`);
  if (undone === undefined) throw cannot('not-found', 'no such rollout');
  if (undone.phase !== 'done') throw cannot('conflict', 'it is not over, abort it first');
  if (!undone.instances.some(({ attach }) => attach.kind === 'attached')) {
    throw cannot('conflict', 'it changed no instance');
  }
  return undone;
}

function requestFor(
  { rolloutId, request, instances }: Rollout,
  { dryRun, breakGlass }: UndoOptions,
): RolloutRequest {
  return {
    ...request,
    instanceIds: instances
      .filter(({ attach }) => attach.kind === 'attached')
      .map(({ instanceId }) => instanceId),
    selector: null,
    approveWithinSeconds: null,
    expectedPlanDigest: null,
    undoes: rolloutId,
    breakGlass,
    launch: null,
    dryRun,
    note: `undo of ${rolloutId}`,
  };
}
