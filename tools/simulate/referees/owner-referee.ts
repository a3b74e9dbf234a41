import type { InstanceId, Snapshot } from '../../../shared/domain/model/instance.ts';
import type { Rollout, RolloutInstance } from '../../../shared/domain/model/rollout.ts';
import type { Invocation } from '../world/invocation.ts';
import { isOpenAt } from '../world/opening-hours.ts';
import { Judge } from './judge.ts';

/**
 * Judges by the opt-out tags of instances and by revoked key pairs. Reads the tags in the cloud, never
 * in the plan.
 */
export class OwnerReferee extends Judge {
  #tags: Map<InstanceId, Snapshot['tags']> | undefined;

  #tagOf(instanceId: InstanceId, key: 'attach' | 'restart'): string | undefined {
    this.#tags ??= new Map(this.cloud.ecs.snapshots().map((one) => [one.instanceId, one.tags]));
    return this.#tags.get(instanceId)?.[`latchkey:${key}`];
  }

  attaching(keyPairName: string, instanceIds: readonly InstanceId[], by: Invocation): void {
    if (this.cloud.policy.isRevoked(keyPairName, by.startedMs)) {
      this.fail(`key pair ${keyPairName} is attached by ${by.id}, though it was revoked`);
    }
    const optedOut = instanceIds.find((id) => this.#tagOf(id, 'attach') !== undefined);
    if (optedOut !== undefined) this.fail(`${optedOut} is attached against its opt-out tag`);
  }

  claimed(rollout: Rollout, claimed: readonly RolloutInstance[], by: Invocation): void {
    const { schedule, policy } = this.cloud;
    if (policy.isRevoked(rollout.keyPair.name, by.startedMs)) {
      this.fail(`claimed by ${by.id}, though ${rollout.keyPair.name} was revoked`);
    }
    for (const { instanceId, restart } of claimed) {
      const tag = this.#tagOf(instanceId, 'restart');
      if (tag === undefined || restart.kind !== 'claimed') continue;
      const isInWindow = schedule.window !== null && isOpenAt(schedule, restart.atMs);
      const mayGo =
        (tag === 'window' && isInWindow) ||
        (tag === 'approve' && rollout.approval?.state === 'approved');
      if (!mayGo) this.fail(`${instanceId} is claimed against its opt-out tag "${tag}"`);
    }
  }

  /** Whether its opt-out tag makes it wait for the window, while its rollout goes on without it. */
  isLeftForWindow({ instanceId, restart }: RolloutInstance): boolean {
    return restart.kind === 'due' && this.#tagOf(instanceId, 'restart') === 'window';
  }
}
