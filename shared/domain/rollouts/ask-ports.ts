import type { InstanceId, Snapshot } from '../model/instance.ts';
import type { Plan } from '../model/plan.ts';
import type { ClientRule, Policy } from '../model/policy.ts';
import type { PlanMemory, Sha256 } from '../model/ports.ts';
import type { RolloutRequest } from '../model/request.ts';
import type { Rollout } from '../model/rollout.ts';
import type { ApprovalNeed } from '../policy/permission.ts';
import type { CarryOutPorts } from './carry-out.ts';

export type AskPorts = CarryOutPorts & {
  readonly sha256: Sha256;
  readonly plans: PlanMemory;
  readonly policy: Pick<Policy, 'optOut' | 'allowDetach'>;
};

export interface Asker {
  /** Whose limits apply; null: none, as for a launch rule. */
  readonly client: ClientRule | null;
  /** Snapshots that the caller has read already. The others are read here. */
  readonly snapshots?: ReadonlyMap<InstanceId, Snapshot>;
}

export type Answer =
  /** The plan. Nothing was done. */
  | {
      readonly kind: 'dry-run';
      readonly request: RolloutRequest;
      readonly plan: Plan;
      /** null: the rollout would begin at once. */
      readonly approval: ApprovalNeed | null;
    }
  /** The rollout as it is now. `repeated`: the same request came before. */
  | { readonly kind: 'rollout'; readonly rollout: Rollout; readonly repeated: boolean };
