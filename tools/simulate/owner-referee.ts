import type { InstanceId, Snapshot } from '../../shared/domain/model/instance.ts';
import type { Rollout, RolloutInstance } from '../../shared/domain/model/rollout.ts';
import type { Invocation } from './invocation.ts';
import { isOpenAt } from './opening-hours.ts';
import type { World } from './world.ts';

/**
 * What the tags of the instances' owners say, and the policy of key pairs. Reads the tags in the cloud,
 * and never what the plan has made of them.
 */
export class OwnerReferee {
  readonly #world: () => World;
  readonly #fail: (fault: string) => void;
  #tags: Map<InstanceId, Snapshot['tags']> | undefined;

  constructor(world: () => World, fail: (fault: string) => void) {
    this.#world = world;
    this.#fail = fail;
  }

  #tagOf(instanceId: InstanceId, key: 'attach' | 'restart'): string | undefined {
    this.#tags ??= new Map(
      this.#world()
        .ecs.snapshots()
        .map((one) => [one.instanceId, one.tags]),
    );
    return this.#tags.get(instanceId)?.[`latchkey:${key}`];
  }

  attaching(keyPairName: string, instanceIds: readonly InstanceId[], by: Invocation): void {
    if (this.#world().policy.isRevoked(keyPairName, by.startedMs)) {
      this.#fail(`key pair ${keyPairName} is attached by ${by.id}, though it was revoked`);
    }
    const optedOut = instanceIds.find((id) => this.#tagOf(id, 'attach') !== undefined);
    if (optedOut !== undefined) this.#fail(`${optedOut} is attached against its own tag`);
  }

  claimed(rollout: Rollout, claimed: readonly RolloutInstance[], by: Invocation): void {
    const { schedule, policy } = this.#world();
    if (policy.isRevoked(rollout.keyPair.name, by.startedMs)) {
      this.#fail(`claimed by ${by.id}, though ${rollout.keyPair.name} was revoked`);
    }
    for (const { instanceId, restart } of claimed) {
      const tag = this.#tagOf(instanceId, 'restart');
      if (tag === undefined || restart.kind !== 'claimed') continue;
      const isInWindow = schedule.window !== null && isOpenAt(schedule, restart.atMs);
      const mayGo =
        (tag === 'window' && isInWindow) ||
        (tag === 'approve' && rollout.approval?.state === 'approved');
      if (!mayGo) this.#fail(`${instanceId} is claimed against its own tag "${tag}"`);
    }
  }

  /** Left for the window by its own tag, while the others of its rollout go on. */
  isLeftForWindow({ instanceId, restart }: RolloutInstance): boolean {
    return restart.kind === 'due' && this.#tagOf(instanceId, 'restart') === 'window';
  }
}
