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
