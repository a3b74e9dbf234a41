import type { Asker, AskPorts } from './ask-ports.ts';
import type { Invocation } from './carry-out.ts';
import { LatchkeyError } from '../model/errors.ts';
import type { InstanceId, KeyPair, Snapshot } from '../model/instance.ts';
import { describeAll } from './look-up.ts';
import { keyPairFaults, requestFaults, revocationOf } from '../policy/permission.ts';
import { makePlan } from '../plan/plan.ts';
import type { Plan } from '../model/plan.ts';
import type { ClientRule } from '../model/policy.ts';
import type { Origin, RolloutRequest } from '../model/request.ts';
import { optOutRulesFor } from '../policy/opt-out.ts';
import { refuse } from '../policy/refuse.ts';
import { resolveTargets } from '../plan/targets.ts';

/** What to plan, and for whom. */
export interface ToPlan extends Asker {
  readonly request: RolloutRequest;
  readonly origin: Origin;
}

/** The plan and its input. */
export interface PlanMade {
  /** With the ids of the instances that its selector matches. */
  readonly request: RolloutRequest;
  readonly plan: Plan;
  readonly snapshots: ReadonlyMap<InstanceId, Snapshot>;
}

/**
 * Plans an ordinary request from the current state. It changes nothing.
 *
 * @throws {LatchkeyError} `forbidden` for what the policy does not permit, before ECS is asked where the
 * request alone says so; `not-valid` as `ask`; and what the ports throw
 */
export async function planAsked(
  { request, origin, client, snapshots: given }: ToPlan,
  ports: AskPorts,
  { ownerUntilMs }: Pick<Invocation, 'ownerUntilMs'>,
): Promise<PlanMade> {
  refuse(`attach key pair "${request.keyPairName}"`, requestFaults(client, request));
  const targets = await resolveTargets(request, ports.ecs);
  const { instanceIds } = targets.request;
  const [keyPair, snapshots, memories] = await Promise.all([
    keyPairFor(request, ports, client),
    targets.snapshots ?? given ?? describeAll(ports.ecs, instanceIds),
    ports.memories.recall(instanceIds),
  ]);
  const known = { keyPair, snapshots, memories, optOut: optOutRulesFor(origin, ports) };
  const moment = { nowMs: ports.clock.nowMs(), ownerUntilMs };
  const plan = makePlan(targets.request, known, moment, ports.sha256);
  return { request: targets.request, plan, snapshots };
}

/** The key pair as ECS has it now. @throws {LatchkeyError} when it must not be attached */
async function keyPairFor(
  request: RolloutRequest,
  { ecs, rules }: AskPorts,
  client: ClientRule | null,
): Promise<KeyPair> {
  const { keyPairName, regionId } = request;
  const verb = `attach key pair "${keyPairName}"`;
  const keyPair = await ecs.findKeyPair(keyPairName);
  if (keyPair === undefined) {
    const detail = `"${keyPairName}" does not exist in ${regionId}`;
    throw new LatchkeyError('not-valid', `Cannot attach key pair ${detail}`, {
      faults: [{ path: ['keyPairName'], detail }],
    });
  }
  const revocation = revocationOf(rules.revoked, keyPair);
  if (revocation !== undefined) {
    const detail = `key pair "${keyPairName}" is revoked: ${revocation.reason}`;
    refuse(verb, [{ path: ['keyPairName'], detail }]);
  }
  refuse(verb, keyPairFaults(client, keyPair));
  return keyPair;
}
