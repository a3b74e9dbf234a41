import type { Rollout, RolloutInstance } from '../../../shared/domain/model/rollout.ts';
import { CAREFUL, humanOf, isWho, type Who } from '../world/clients.ts';
import type { Invocation } from '../world/invocation.ts';
import { Judge } from './judge.ts';

/**
 * Judges approvals. It counts the persons in the requests that were sent, and checks in the cloud that
 * the approved instances still exist.
 */
export class ApprovalReferee extends Judge {
  /** The persons who have approved the plan of each rollout. */
  readonly #pressed = new Map<string, Set<string>>();

  pressed({ rolloutId, planDigest }: Rollout, digest: string, who: Who): void {
    if (digest !== planDigest) return;
    const humans = this.#pressed.get(rolloutId) ?? new Set();
    this.#pressed.set(rolloutId, humans.add(humanOf(who)));
  }

  created(rollout: Rollout): void {
    const { approval, rolloutId } = rollout;
    const needed = neededFor(rollout);
    if (needed > (approval?.needed ?? 0)) {
      this.fail(`${rolloutId} waits for ${approval?.needed ?? 0} approvals, not for ${needed}`);
    }
  }

  saved(before: Rollout, after: Rollout, { id, startedMs }: Invocation): void {
    const { approval, origin, rolloutId } = after;
    if (before.approval?.state === approval?.state || approval?.state !== 'approved') return;
    const asker = isWho(origin.client) ? humanOf(origin.client) : '';
    const others = [...(this.#pressed.get(rolloutId) ?? [])].filter((human) => human !== asker);
    const needed = Math.max(1, neededFor(before));
    if (others.length < needed) {
      this.fail(`${rolloutId} is approved by only ${others.length} of ${needed} others`);
    }
    const { ecs } = this.cloud;
    const gone = before.instances.find((one) => {
      const releasedAtMs = ecs.releasedAtMs(one.instanceId) ?? Number.POSITIVE_INFINITY;
      return isTouched(one) && releasedAtMs < startedMs;
    });
    if (gone === undefined) return;
    this.fail(`${rolloutId} is approved by ${id}, though ${gone.instanceId} was released before`);
  }
}

/** How many approvals the policy of `clients.ts` asks for; 0 for none. */
function neededFor({ origin, request, instances }: Rollout): number {
  if (origin.client !== CAREFUL.who || request.breakGlass !== null) return 0;
  return instances.filter(isTouched).length > CAREFUL.above ? CAREFUL.approvals : 0;
}

function isTouched({ attach, restart }: RolloutInstance): boolean {
  return attach.kind !== 'skipped' || restart.kind !== 'none';
}
