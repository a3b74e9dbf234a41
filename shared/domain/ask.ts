import type { CarryOutPorts, Invocation } from './carry-out.ts';
import { LatchkeyError } from './errors.ts';
import type { InstanceId, KeyPair, Snapshot } from './instance.ts';
import { describeAll } from './look-up.ts';
import { type ApprovalNeed, keyPairFaults, requestFaults, revocationOf } from './permission.ts';
import { makePlan, type Plan } from './plan.ts';
import type { ClientRule, Policy } from './policy.ts';
import type { PlanMemory, Sha256 } from './ports.ts';
import type { Origin, RolloutRequest } from './request.ts';
import { rolloutIdOf } from './rollout-id.ts';
import type { Rollout } from './rollout.ts';
import { optOutRulesFor, refuse, repeated, start } from './start.ts';
import { resolveTargets } from './targets.ts';

export type AskPorts = CarryOutPorts & {
  readonly sha256: Sha256;
  readonly plans: PlanMemory;
  readonly policy: Pick<Policy, 'optOut' | 'allowDetach'>;
};

export interface Asker {
  /** Whose limits apply; null: nobody's, as for a launch rule. */
  readonly client: ClientRule | null;
  /** What the caller has described already; the rest is described here. */
  readonly snapshots?: ReadonlyMap<InstanceId, Snapshot>;
}

export type Answer =
  /** What would happen; nothing has. */
  | {
      readonly kind: 'dry-run';
      readonly request: RolloutRequest;
      readonly plan: Plan;
      /** null: it would begin at once. */
      readonly approval: ApprovalNeed | null;
    }
  /** The rollout as it is now. `repeated`: it was asked for before. */
  | { readonly kind: 'rollout'; readonly rollout: Rollout; readonly repeated: boolean };

/**
 * What every door does with a request: judge it, plan it, create the rollout, and attach what can be
 * attached now. Asking the same again gives the same rollout, whatever the policy says by then.
 *
 * @throws {LatchkeyError} `forbidden` for what the policy does not permit, before ECS is asked where
 * the request alone says so; `not-valid` for a key pair that does not exist, and for a selector with no
 * instance or too many; `conflict` for another request under the same key; `plan-changed` for another
 * plan than expected; `throttled` for a client with too many unfinished rollouts; and what the ports
 * throw. Whatever is thrown before the rollout was created has changed nothing
 */
export async function ask(
  request: RolloutRequest,
  origin: Origin,
  ports: AskPorts,
  invocation: Invocation,
  asker: Asker = { client: null },
): Promise<Answer> {
  const rolloutId = rolloutIdOf(origin, ports.sha256);
  if (!request.dryRun) {
    const earlier = await ports.rollouts.load(rolloutId);
    if (earlier !== undefined) return repeated(earlier, origin);
  }
  const { client } = asker;
  refuse(`attach key pair "${request.keyPairName}"`, requestFaults(client, request));
  checkConsistent(request);
  const targets = await resolveTargets(request, ports.ecs);
  const { instanceIds } = targets.request;
  const [keyPair, snapshots, memories] = await Promise.all([
    keyPairFor(request, ports, client),
    targets.snapshots ?? asker.snapshots ?? describeAll(ports.ecs, instanceIds),
    ports.memories.recall(instanceIds),
  ]);
  const known = { keyPair, snapshots, memories, optOut: optOutRulesFor(origin, ports) };
  const moment = { nowMs: ports.clock.nowMs(), ownerUntilMs: invocation.ownerUntilMs };
  const plan = makePlan(targets.request, known, moment, ports.sha256);
  const planned = { rolloutId, request: targets.request, origin, plan, snapshots, client };
  return start(planned, ports, invocation);
}

/** To wait for an approval and to pass it by is not one wish. */
function checkConsistent({ breakGlass, approveWithinSeconds }: RolloutRequest): void {
  if (breakGlass === null || approveWithinSeconds === null) return;
  const detail = 'what breaks the glass waits for no approval';
  throw new LatchkeyError('not-valid', `Cannot wait for an approval: ${detail}`, {
    faults: [{ pointer: '/approveWithinSeconds', detail }],
  });
}

/** The key pair as ECS has it now, unless it may not be attached. */
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
      faults: [{ pointer: '/keyPairName', detail }],
    });
  }
  const revocation = revocationOf(rules.revoked, keyPair);
  if (revocation !== undefined) {
    const detail = `key pair "${keyPairName}" is revoked: ${revocation.reason}`;
    refuse(verb, [{ pointer: '/keyPairName', detail }]);
  }
  refuse(verb, keyPairFaults(client, keyPair));
  return keyPair;
}
