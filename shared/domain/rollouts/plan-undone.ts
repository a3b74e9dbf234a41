import type { AskPorts } from './ask-ports.ts';
import type { Invocation } from './carry-out.ts';
import type { FieldFault } from '../model/errors.ts';
import type { KeyPair } from '../model/instance.ts';
import { describeAll } from './look-up.ts';
import { nounOf } from '../policy/people.ts';
import { mayBind, revocationOf, termFaults } from '../policy/permission.ts';
import type { PlanMade, ToPlan } from './plan-asked.ts';
import { planUndo } from '../plan/plan-undo.ts';
import type { ClientRule, RevokedKeyPair } from '../model/policy.ts';
import type { RolloutRequest } from '../model/request.ts';
import type { Rollout } from '../model/rollout.ts';
import { optOutRulesFor } from '../policy/opt-out.ts';
import { refuse, verbOf } from '../policy/refuse.ts';

/**
 * Plans an undo from the current state. It changes nothing.
 *
 * @throws {LatchkeyError} `forbidden` for what the policy does not permit; and what the ports throw
 */
export async function planUndone(
  undone: Rollout,
  { request, origin, client }: Omit<ToPlan, 'snapshots'>,
  ports: AskPorts,
  { ownerUntilMs }: Pick<Invocation, 'ownerUntilMs'>,
): Promise<PlanMade> {
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
    whyNotBindable: (keyPair: KeyPair) => whyNotBindable(client, revoked, keyPair),
    optOut: optOutRulesFor(origin, ports),
  };
  const moment = { nowMs: ports.clock.nowMs(), ownerUntilMs };
  return { request, plan: planUndo(undone, request, known, moment, ports.sha256), snapshots };
}

/** A client may take away only a key pair that it may attach, or one that is revoked. */
function faultsOf(
  client: ClientRule | null,
  request: RolloutRequest,
  { keyPair }: Rollout,
  revoked: readonly RevokedKeyPair[],
): FieldFault[] {
  const terms = termFaults(client, request);
  const isRevoked = revocationOf(revoked, keyPair) !== undefined;
  if (client === null || isRevoked || mayBind(client, keyPair)) return terms;
  const detail = `${nounOf(client)} may not take key pair "${keyPair.name}" away`;
  return [{ path: ['rolloutId'], detail }, ...terms];
}

/** Why a key pair may not be bound again; undefined when it may. */
function whyNotBindable(
  client: ClientRule | null,
  revoked: readonly RevokedKeyPair[],
  keyPair: KeyPair,
): string | undefined {
  const revocation = revocationOf(revoked, keyPair);
  if (revocation !== undefined) return `key pair ${keyPair.name} is revoked: ${revocation.reason}`;
  return client === null || mayBind(client, keyPair)
    ? undefined
    : `${nounOf(client)} may not attach key pair ${keyPair.name}`;
}
