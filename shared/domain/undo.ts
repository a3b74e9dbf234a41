import type { Answer, AskPorts } from './ask.ts';
import type { Invocation } from './carry-out.ts';
import { type FieldFault, LatchkeyError } from './errors.ts';
import type { KeyPair } from './instance.ts';
import { describeAll } from './look-up.ts';
import { mayBind, revocationOf, termFaults } from './permission.ts';
import { planUndo } from './plan-undo.ts';
import type { ClientRule, RevokedKeyPair } from './policy.ts';
import type { Origin, RolloutRequest } from './request.ts';
import { rolloutIdOf } from './rollout-id.ts';
import type { Rollout } from './rollout.ts';
import { optOutRulesFor, refuse, repeated, start, verbOf } from './start.ts';

export interface UndoOptions {
  readonly dryRun: boolean;
  /** The reason why window, freezes and approval are passed by; null for an ordinary undo. */
  readonly breakGlass: string | null;
  /** Whose limits apply; null: nobody's. */
  readonly client: ClientRule | null;
}

/**
 * A new rollout that binds each instance's previous key pair again: only those that the undone one
 * changed and that nobody changed since. It goes in the same waves, and restarts only what the undone
 * one restarted, or may have. It is judged as a new request: by the client's limits, the policy of now
 * and the instances' own tags.
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
  const undone = undoable(undoneId, await ports.rollouts.load(undoneId));
  const request = requestFor(undone, options);
  const { client } = options;
  const { revoked } = ports.rules;
  refuse(verbOf(request), faultsOf(client, request, undone, revoked));
  const { instanceIds } = request;
  const previous = [...new Set(undone.instances.map((one) => one.previousKeyPairName))];
  const [snapshots, memories, ...found] = await Promise.all([
    describeAll(ports.ecs, instanceIds),
    ports.memories.recall(instanceIds),
    ...previous.map((name) => (name === null ? undefined : ports.ecs.findKeyPair(name))),
  ]);
  const known = {
    snapshots,
    memories,
    keyPairs: new Map(found.flatMap((one) => (one === undefined ? [] : [[one.name, one]]))),
    allowDetach: ports.policy.allowDetach,
    refusalOf: (keyPair: KeyPair) => refusalOf(client, revoked, keyPair),
    optOut: optOutRulesFor(origin, ports),
  };
  const moment = { nowMs: ports.clock.nowMs(), ownerUntilMs: invocation.ownerUntilMs };
  const plan = planUndo(undone, request, known, moment, ports.sha256);
  return start({ rolloutId, request, origin, plan, snapshots, client }, ports, invocation);
}

/** @throws {LatchkeyError} when there is nothing to undo, or not yet */
function undoable(undoneId: string, undone: Rollout | undefined): Rollout {
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

/** What a client may not attach it may not take away either, unless nobody may attach it any more. */
function faultsOf(
  client: ClientRule | null,
  request: RolloutRequest,
  { keyPair }: Rollout,
  revoked: readonly RevokedKeyPair[],
): FieldFault[] {
  const terms = termFaults(client, request);
  if (mayBind(client, keyPair) || revocationOf(revoked, keyPair) !== undefined) return terms;
  const detail = `client "${client?.id}" may not take key pair "${keyPair.name}" away`;
  return [{ pointer: '/rolloutId', detail }, ...terms];
}

/** Why a key pair may not be bound again. */
function refusalOf(
  client: ClientRule | null,
  revoked: readonly RevokedKeyPair[],
  keyPair: KeyPair,
): string | undefined {
  const revocation = revocationOf(revoked, keyPair);
  if (revocation !== undefined) return `key pair ${keyPair.name} is revoked: ${revocation.reason}`;
  return mayBind(client, keyPair)
    ? undefined
    : `client ${client?.id} may not attach key pair ${keyPair.name}`;
}
