import type { CarryOutPorts, Invocation } from './rollouts/carry-out.ts';
import { LatchkeyError } from './model/errors.ts';
import type { InstanceId, Snapshot } from './model/instance.ts';
import type { ApprovalNeed } from './policy/permission.ts';
import { planAsked } from './rollouts/plan-asked.ts';
import type { Plan } from './plan/plan.ts';
import type { ClientRule, Policy } from './model/policy.ts';
import type { PlanMemory, Sha256 } from './model/ports.ts';
import type { Origin, RolloutRequest } from './model/request.ts';
import { rolloutIdOf } from './rollout-id.ts';
import type { Rollout } from './model/rollout.ts';
import { repeated, start } from './rollouts/start.ts';

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
  checkConsistent(request);
  const planned = await planAsked({ request, origin, ...asker }, ports, invocation);
  return start({ rolloutId, origin, client: asker.client, ...planned }, ports, invocation);
}

/** To wait for an approval and to pass it by is not one wish. */
function checkConsistent({ breakGlass, approveWithinSeconds }: RolloutRequest): void {
  if (breakGlass === null || approveWithinSeconds === null) return;
  const detail = 'what breaks the glass waits for no approval';
  throw new LatchkeyError('not-valid', `Cannot wait for an approval: ${detail}`, {
    faults: [{ pointer: '/approveWithinSeconds', detail }],
  });
}
